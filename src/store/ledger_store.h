/*
 * ledger_store - the proof of the whole ledger, its history, and the switch
 * that stops money.
 */
#ifndef STORE_LEDGER_STORE_H
#define STORE_LEDGER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct ledger_difference {
	const char *invariant;
	const char *subject;
	const char *expected;
	const char *found;
};

struct proof_row {
	int64_t id;
	int64_t differences;
	int64_t took_ms;
	struct list rows; /* struct ledger_difference, the first 100 */
};

struct ledger_state_row {
	bool stopped;
	int64_t set_at; /* 0 when the switch was never used */
	const char *actor, *reason;
	int64_t proved_at; /* 0 when there was no proof yet */
	int64_t differences;
	int64_t took_ms;
	struct list rows; /* struct ledger_difference */
};

struct ledger_account {
	const char *kind;
	const char *provider; /* "" for those of nobody */
	int64_t debits;
	int64_t credits;
	int64_t balance;
};

/* struct ledger_difference; empty when the ledger is right. These two read
 * every transfer, and may take minutes. */
enum err ledger_store_verify(struct ctx *c, struct list *out) MUST_CHECK;
/* found: it was due; then what it said. A difference has stopped money. */
enum err ledger_store_prove(struct ctx *c, int64_t every_ms,
    struct proof_row *out, bool *found) MUST_CHECK;

/* Was there no proof in the last every_ms? */
enum err ledger_store_is_due(struct ctx *c, int64_t every_ms, bool *out)
    MUST_CHECK;

enum err ledger_store_state(struct ctx *c, struct ledger_state_row *out)
    MUST_CHECK;

/* ERR_CONFLICT: there are differences, so money stays stopped. */
enum err ledger_store_switch(
    struct ctx *c, bool stop, const char *actor, const char *reason) MUST_CHECK;

/* Sum what was committed since the last time; `n` transfers. */
enum err ledger_store_rollup(struct ctx *c, int64_t *n) MUST_CHECK;

/* struct ledger_account up to the last roll-up. */
enum err ledger_store_accounts(struct ctx *c, struct list *out) MUST_CHECK;

#endif
