/* fivesim_lists - the catalogue of the 5sim dialect, open to guests. */
#ifndef SANDBOX_FIVESIM_LISTS_H
#define SANDBOX_FIVESIM_LISTS_H

struct visit;

void fivesim_countries(struct visit *v);
/* Both may be "any". */
void fivesim_products(
    struct visit *v, const char *country, const char *operator_name);
/* By the parameters country and product, each of which may be missing. */
void fivesim_prices(struct visit *v);

#endif
