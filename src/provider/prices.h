/* prices - nested price lists into rows. */
#ifndef PROVIDER_PRICES_H
#define PROVIDER_PRICES_H

struct outcome;
struct view;
struct walk_spec;

/*
 * Fill out->prices with every leaf that has a cost above 0 and a stock of 0
 * or more; what has not is counted in out->skipped.
 */
void prices_walk(
    const struct view *w, const struct walk_spec *spec, struct outcome *out);

#endif
