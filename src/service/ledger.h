/*
 * ledger - the proof that all money adds up, and the switch that stops money
 * when it does not. Nothing here heals: an operator looks, and decides.
 */
#ifndef SERVICE_LEDGER_H
#define SERVICE_LEDGER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct errands;

/* One difference; texts are "" where there is nothing to say. */
struct ledger_fault {
	const char *invariant;
	const char *subject;
	const char *expected;
	const char *found;
};

struct ledger_state {
	bool stopped;
	int64_t switched_at; /* 0: never */
	const char *switched_by, *reason;
	int64_t proved_at; /* 0: never */
	int64_t differences, took_ms;
	struct list faults; /* struct ledger_fault, the first of the proof */
};

/* struct ledger_fault; none when all is right. Reads every transfer. */
enum err ledger_verify(struct ctx *c, struct list *out) MUST_CHECK;

/*
 * The worker's task: prove the ledger every ledger.verify_interval, one of
 * all workers. A difference is logged and stops money.
 */
enum err ledger_prove(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

/* Whether money moves, and what the newest proof said. */
enum err ledger_state(struct ctx *c, struct ledger_state *out) MUST_CHECK;

/*
 * Stop money (no new holds, nothing comes in; what is held still ends by the
 * fate of its number), or let it move. ERR_CONFLICT: there are differences.
 */
enum err ledger_switch(
    struct ctx *c, bool stop, const char *actor, const char *reason) MUST_CHECK;

/* Worker task: sum what was committed since the last time into the totals. */
enum err ledger_roll(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

/* struct ledger_account: the system's accounts as of the last summing. */
enum err ledger_accounts(struct ctx *c, struct list *out) MUST_CHECK;

#endif
