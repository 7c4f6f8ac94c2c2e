/*
 * admit - which offers a lease request admits, and what is held for it. Pure:
 * it looks at rows of catalogue_store_candidates(), of other pairs of service
 * and country, too.
 */
#ifndef SERVICE_ADMIT_H
#define SERVICE_ADMIT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct lease_ask;

/* The cheapest price, whatever the request's limit. ERR_NO_NUMBERS. */
enum err admit_cheapest(struct ctx *c, const struct lease_ask *ask,
    const struct list *rows, int64_t *out) MUST_CHECK;

/*
 * The dearest price that the request admits: what is held. ERR_NO_NUMBERS,
 * ERR_NO_PRICE.
 */
enum err admit_dearest(struct ctx *c, const struct lease_ask *ask,
    const struct list *rows, int64_t *out) MUST_CHECK;

/* Does anybody sell it to us for at most this? */
bool admit_is_sold_for(
    const struct lease_ask *ask, const struct list *rows, int64_t most);

#endif
