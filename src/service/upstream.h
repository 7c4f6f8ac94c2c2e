/*
 * upstream - the provider accounts that the worker uses, kept in memory:
 * descriptor, address, opened secret, and how each has behaved lately. What
 * PostgreSQL says is taken over within a second of a change.
 *
 * A snapshot is counted: an errand under way keeps the one it was planned
 * with, also when the configuration changes meanwhile.
 */
#ifndef SERVICE_UPSTREAM_H
#define SERVICE_UPSTREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "provider/outcome.h"
#include "service/errand.h"

struct descriptor;
struct upstream_set;
struct upstreams;
struct vars;

/* One provider account. */
struct upstream {
	int64_t id;
	const char *name;
	const struct descriptor *descriptor;
	const char *base; /* address that replaces the descriptor's; NULL */
	const char *key;  /* opened secret; never logged */
	const char *currency;
	int64_t fx_rate; /* wallet micros for one whole unit of its currency */
	struct errand_limits limits; /* its own, else the descriptor's */
	bool enabled;
	struct upstreams *of;
	struct upstream_set *set; /* whose memory this is */
};

/* The process's set, empty at first. */
struct upstreams *upstreams_new(void);
void upstreams_free(struct upstreams **u);

/* Read the providers again when any of them changed. */
enum err upstreams_refresh(struct ctx *c) MUST_CHECK;

/* All accounts of the present snapshot, in c->mem; each is held. */
enum err upstream_list(struct ctx *c, const struct upstream ***out, size_t *n)
    MUST_CHECK;

/* Hold the account with this id, or NULL when there is none. */
const struct upstream *upstream_hold(struct ctx *c, int64_t id);
void upstream_release(const struct upstream *u);

/* Its operations are refused until then (monotonic us); 0 is fine. */
int64_t upstream_blocked_until(struct ctx *c, int64_t id);

/*
 * Note how a call ended: several transport faults in a row, a limit, a ban
 * or an empty account keep new purchases away for a while. Refusals such as
 * "no numbers" are no fault of the account.
 */
void upstream_note(struct ctx *c, const struct upstream *u, enum upstream_op op,
    const struct outcome *o);

/* A cost beyond belief: above every price, and what the ledger still adds up.
 */
#define UPSTREAM_COST_MAX INT64_C(1000000000000000)

/* Wallet micros for `native` micros of a currency of this rate, rounded up; at
 * most UPSTREAM_COST_MAX. */
int64_t upstream_cost(int64_t fx_rate, int64_t native);

/*
 * Plan a call of `op` to the account: a new errand whose arena holds it and
 * which holds the account. Its turn has to come before the claims of rows
 * end. ERR_NOT_FOUND when the descriptor lacks the operation.
 */
enum err upstream_errand(struct ctx *c, const struct upstream *u,
    enum upstream_op op, const struct vars *v, struct errand **out) MUST_CHECK;

/* The meaning of the answer, in c->mem. `v` as in the request. */
void upstream_read(struct ctx *c, const struct upstream *u, enum upstream_op op,
    const struct vars *v, const struct errand *errand, struct outcome *out);

#endif
