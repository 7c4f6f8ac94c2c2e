/*
 * engine - turns (descriptor, operation, variables) into a request and the
 * answer into an outcome. Pure but for the clock: the worker sends the call.
 *
 *	TRY(engine_request(c, d, OP_BUY, &vars, &call));
 *	... the worker performs it ...
 *	engine_read(c, d, OP_BUY, &vars, &answer, &outcome);
 *
 * Laws, whatever a descriptor says:
 *	an answer without a matching rule is FAULT_UNKNOWN, never success;
 *	success needs a 2xx answer, unless its rule names a status itself;
 *	a purchase answered with 5xx is never a definite refusal, unless the
 *	rule says so: the number may have been sold before the failure;
 *	a purchase without an id, a balance without an amount and a status
 *	without a state are FAULT_UNKNOWN;
 *	a purchase whose phone is missing or cannot be read is PENDING_NUMBER;
 *	a purchase always ends at a time ahead of now, by our clock;
 *	RECEIVED without a message is WAITING.
 */
#ifndef PROVIDER_ENGINE_H
#define PROVIDER_ENGINE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "provider/descriptor.h"
#include "provider/outcome.h"
#include "provider/request.h"
#include "provider/vars.h"
#include "provider/view.h"

/* What is known of a call that brought no answer. */
enum engine_sent {
	SENT_MAYBE,  /* some of it may have reached the upstream */
	SENT_NOTHING /* no byte of the request left this machine */
};

/* The upstream can do `op`. */
bool engine_can(const struct descriptor *d, enum upstream_op op);

/*
 * ERR_NOT_FOUND when the descriptor lacks the operation; ERR_BAD_INPUT when
 * a variable is missing or not of the upstream's kind.
 */
enum err engine_request(struct ctx *c, const struct descriptor *d,
    enum upstream_op op, const struct vars *v, struct call *out) MUST_CHECK;

/* Cannot fail: what cannot be read is an outcome. `v` as in the request. */
void engine_read(struct ctx *c, const struct descriptor *d, enum upstream_op op,
    const struct vars *v, const struct answer *a, struct outcome *out);

/* The outcome of a call that ended without an answer. */
void engine_no_answer(enum engine_sent sent, struct outcome *out);

/*
 * How a purchase of unknown outcome can be decided: by a list that tells of
 * each number as it runs, which any number of purchases may share; by what is
 * seen afterwards, for one at a time; or not at all.
 */
enum engine_proof { PROOF_NONE, PROOF_SERIAL, PROOF_LIST };
enum engine_proof engine_proof(const struct descriptor *d);

/* How long after a sale its list still shows it, us. */
int64_t engine_keeps(const struct descriptor *d);

/*
 * Could `item` of a list be the number that the purchase `v`, called at
 * `called_at`, bought without our hearing of it? `until` is the latest time
 * it can have been sold. The caller leaves out ids it knows already.
 */
bool engine_reconcile_fits(struct ctx *c, const struct descriptor *d,
    const struct outcome *item, const struct vars *v, int64_t called_at,
    int64_t until);
/* The same of one that has ended meanwhile; only if it says when it began. */
bool engine_reconcile_ended(struct ctx *c, const struct descriptor *d,
    const struct outcome *item, const struct vars *v, int64_t called_at,
    int64_t until);

/*
 * Of two items that fit, is the one of `sold_at` rather than that of `other`
 * what was bought? Sold soonest after the call, whose own second counts as
 * after; else latest before it. So purchases of one kind do not take each
 * other's numbers, of which one would be left over.
 */
bool engine_reconcile_prefers(
    int64_t sold_at, int64_t other, int64_t called_at);

#endif
