/*
 * receivable_store - what providers owe us for numbers that went back. Closed
 * by evidence or by an operator's decision, never by itself. Amounts are
 * wallet micros.
 */
#ifndef STORE_RECEIVABLE_STORE_H
#define STORE_RECEIVABLE_STORE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct receivable_row {
	const char *provider, *upstream_id, *activation_id;
	int64_t cost, refunded, is_open;
	int64_t since; /* when the number was bought */
};

/* What one provider owes, by age of the purchase. */
struct receivable_age {
	const char *provider;
	int64_t numbers;
	int64_t is_open;
	int64_t day, week, month, older; /* up to 1, 7, 30 days, above */
};

/* What came, or that nothing will (then without amount and key). */
struct receivable_evidence {
	const char *provider, *upstream_id;
	int64_t amount;
	const char *actor, *reason;
	const char *key; /* makes it happen once */
};

/* struct receivable_row, oldest first; provider "": of all. */
enum err receivable_store_list(struct ctx *c, const char *provider, int limit,
    struct list *out) MUST_CHECK;

/* struct receivable_age, by name. */
enum err receivable_store_ages(struct ctx *c, struct list *out) MUST_CHECK;

/*
 * *open is what is still owed for the number. ERR_NOT_FOUND; ERR_CONFLICT
 * when nothing is open; ERR_BAD_INPUT for more than that; ERR_IDEM_MISMATCH.
 */
enum err receivable_store_refund(struct ctx *c,
    const struct receivable_evidence *in, int64_t *open) MUST_CHECK;

/* *lost is what was written off. Same errors. */
enum err receivable_store_write_off(struct ctx *c,
    const struct receivable_evidence *in, int64_t *lost) MUST_CHECK;

/* A purchase of which nobody could say whether it was sold. */
struct doubt_row {
	const char *attempt_id;
	const char *activation_id;
	const char *provider;
	const char *upstream_id; /* NULL: not known */
	int64_t amount;          /* wallet micros, booked as a loss */
	const char *cause;
	int64_t opened_at;
};
struct doubt_end {
	const char *attempt;
	int64_t back;
	const char *actor, *reason;
};
/* Those that are open, oldest first. */
enum err receivable_store_doubts(struct ctx *c, int limit, struct list *out)
    MUST_CHECK;
enum err receivable_store_doubt_end(
    struct ctx *c, const struct doubt_end *in, int64_t *lost) MUST_CHECK;

#endif
