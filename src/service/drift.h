/*
 * drift - does a provider's account hold what our book of it says? What it
 * told is compared since a baseline; a drift beyond provider.drift_tolerance
 * is logged and written down, and never corrected.
 */
#ifndef SERVICE_DRIFT_H
#define SERVICE_DRIFT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/drift_store.h"

struct errands;

/* struct drift_row of all providers that said a balance, by name. */
enum err drift_list(struct ctx *c, struct list *out) MUST_CHECK;

/* A task's plan: warn of every drift that is new. */
enum err drift_watch(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

/*
 * Money was paid in, or a drift is explained: compare from the next balance
 * on. *left is the drift until now. ERR_NOT_FOUND, ERR_BAD_REQUEST.
 */
enum err drift_baseline(struct ctx *c, const char *provider, const char *actor,
    const char *reason, int64_t *left) MUST_CHECK;

#endif
