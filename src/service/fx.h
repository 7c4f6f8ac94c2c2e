/*
 * fx - what a provider's currency is worth in the wallets' own. A rate never
 * changes, a new one follows it; each attempt to buy keeps the one by which
 * its cost is converted.
 */
#ifndef SERVICE_FX_H
#define SERVICE_FX_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/fx_store.h"

enum fx_state {
	FX_FINE,    /* the wallets' own currency, or a rate that is not old */
	FX_UNKNOWN, /* no rate was ever given */
	FX_OLD      /* older than fx.max_age */
};

/* May something be bought in `currency`, whose rate is of `rate_at` (us since
 * the epoch, 0 none)? */
enum fx_state fx_state(
    const struct ctx *c, const char *currency, int64_t rate_at);

/*
 * Set a rate: wallet micros for one whole unit, with who does it and why.
 * Also an unchanged one is written down: it was looked at. ERR_BAD_INPUT with
 * the field: the wallets' own currency has none, a rate is above 0, a reason
 * is needed.
 */
enum err fx_set(struct ctx *c, const struct fx_row *rate) MUST_CHECK;

/* struct fx_row: what is in force, by currency. */
enum err fx_list(struct ctx *c, struct list *out) MUST_CHECK;

/* struct fx_row of one currency, the newest first, at most 1000. */
enum err fx_history(struct ctx *c, const char *currency, struct list *out)
    MUST_CHECK;

#endif
