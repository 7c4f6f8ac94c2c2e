/*
 * drift_store - what a provider's account holds beside our book of it, since
 * a baseline. Amounts are micros: the balance in the provider's currency,
 * all others in the wallets'.
 */
#ifndef STORE_DRIFT_STORE_H
#define STORE_DRIFT_STORE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct drift_row {
	const char *provider, *currency;
	int64_t since;   /* us since the epoch; 0: no baseline is taken yet */
	int64_t seen_at; /* when the balance was said */
	int64_t balance;
	int64_t drift;              /* what it has more than it should */
	int64_t moving;             /* what may be on one side only yet */
	const char *actor, *reason; /* of the baseline, or NULL */
	int64_t told;               /* how often, since the baseline */
};

struct drift_told {
	const char *provider;
	int64_t drift, moving, balance;
};

/* struct drift_row of all that said a balance, by name. */
enum err drift_store_list(struct ctx *c, struct list *out) MUST_CHECK;

/* Write down new drifts beyond `tolerance`: struct drift_told. */
enum err drift_store_tell(struct ctx *c, int64_t tolerance, struct list *out)
    MUST_CHECK;

/* A new baseline at the next balance; *left is the drift until now. */
enum err drift_store_baseline(struct ctx *c, const char *provider,
    const char *actor, const char *reason, int64_t *left) MUST_CHECK;

#endif
