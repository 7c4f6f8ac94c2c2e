/*
 * outcome - what an upstream's answer means, in our words (outcome.def).
 *
 * Laws: an answer that no rule knows is FAULT_UNKNOWN, never success; the
 * zero value of an outcome is FAULT_UNKNOWN; a purchase may go to another
 * upstream only when fault_action() says FAIL_OVER, BACK_OFF, BREAK or
 * DISABLE, because only then the answer proves that nothing was sold.
 */
#ifndef PROVIDER_OUTCOME_H
#define PROVIDER_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum upstream_state {
#define STATE(code, name, final) UPSTREAM_##code,
#include "provider/outcome.def"
	UPSTREAM__MAX
};

enum upstream_fault {
#define FAULT(code, name, buying, otherwise, text) FAULT_##code,
#include "provider/outcome.def"
	FAULT__MAX
};

enum upstream_op {
#define OP(code, name, state, needs) OP_##code,
#include "provider/outcome.def"
	OP__MAX
};

/* What the engine's caller has to do about a fault. */
enum fault_action {
	ACTION_RECONCILE, /* it may have been sold: find out, never repeat */
	ACTION_NONE,      /* there is no fault */
	ACTION_FAIL_OVER, /* certainly not sold: try the next candidate */
	ACTION_BACK_OFF,  /* leave this upstream alone for retry_after; a
			     purchase goes to the next candidate */
	ACTION_BREAK,     /* stop using it for `scope` until `until` */
	ACTION_DISABLE,   /* stop using it until the operator acts: alarm */
	ACTION_SETTLE,    /* an answer about the order: its states decide */
	ACTION_GIVE_UP,   /* a definite no: repeating is useless */
	ACTION_RETRY      /* a read that may be repeated */
};

/* What a successful answer must bring; without it the answer is unknown. */
enum op_needs { NEEDS_NOTHING, NEEDS_ID, NEEDS_AMOUNT, NEEDS_STATE };

/* Not said by the upstream: `cost` and `min_price` of an outcome. */
#define OUTCOME_UNSAID INT64_C(-1)
/* The same for `amount`, which may be negative. */
#define OUTCOME_NO_AMOUNT INT64_MIN

enum outcome_refund { REFUND_UNKNOWN, REFUND_YES, REFUND_NO };

struct message {
	const char *id;     /* the upstream's; NULL when it has none */
	const char *sender; /* NULL when not said */
	const char *text;   /* NULL when only the code is said */
	const char *code;   /* said by the upstream or found in the text */
	bool code_given;    /* the upstream said it */
	int64_t at;         /* us since the epoch; 0 when not said */
	const char *key;    /* equal for equal messages of one order */
};

struct price_row {
	const char *service; /* the upstream's own words; NULL when the */
	const char *country; /* answer does not have the level */
	const char *operator;
	int64_t cost;  /* micros of the upstream's currency, > 0 */
	int64_t stock; /* never negative */
	int64_t rate;  /* ppm of its orders that bring a code; 0 unknown */
};

/* All text lives in the memory of the context that read the answer. */
struct outcome {
	enum upstream_fault fault;
	enum upstream_state state;
	const char *rule; /* place of the rule that decided; NULL none */
	const char *word; /* the upstream's own error word; NULL none */

	const char *id;    /* the upstream's id of the order */
	const char *phone; /* E.164; NULL while not known */
	const char *service, *country, *operator; /* the upstream's words */
	int64_t cost;                             /* or OUTCOME_UNSAID */
	int64_t amount;                 /* balance, or OUTCOME_NO_AMOUNT */
	const char *currency;           /* ISO 4217 */
	int64_t created_at, expires_at; /* us; 0 not said */
	enum outcome_refund refunded;

	int64_t retry_after; /* us from now; 0 not said */
	int64_t until;       /* us; end of a ban; 0 not said */
	int64_t min_price;   /* or OUTCOME_UNSAID */
	const char *scope;   /* of a ban; NULL is the whole account */

	struct message *messages; /* oldest first */
	size_t message_count;
	const struct message *newest; /* the one to show: with a code, if any */

	struct outcome *items; /* list_active, poll_batch */
	size_t item_count;
	struct price_row *prices;
	size_t price_count;
	size_t skipped; /* items or prices that could not be read */
};

const char *upstream_state_name(enum upstream_state state);
bool upstream_state_is_final(enum upstream_state state);
/* False, and *out untouched, when there is no such word. */
bool upstream_state_find(const char *name, enum upstream_state *out);

const char *upstream_op_name(enum upstream_op op);
bool upstream_op_find(const char *name, enum upstream_op *out);
enum upstream_state upstream_op_state(enum upstream_op op);
enum op_needs upstream_op_needs(enum upstream_op op);

const char *fault_name(enum upstream_fault fault);
const char *fault_text(enum upstream_fault fault);
bool fault_find(const char *name, enum upstream_fault *out);
enum fault_action fault_action(enum upstream_fault fault, enum upstream_op op);

/*
 * Append all that was said as one JSON object, messages included: for the
 * golden fixtures and the operator's terminal, never for a log.
 */
void outcome_print(struct buf *b, const struct outcome *o);

#endif
