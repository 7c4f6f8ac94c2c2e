/*
 * script - the faults that wait for the requests to come. They are taken in
 * the order in which they were added: the first whose operation and service
 * fit the request is used, once; a request meets at most one.
 *
 * A kind whose name ends in _after_sale lets the operation happen and spoils
 * the answer; one without happens instead of the operation. `latency`,
 * `truncated_json` and `slow_body` spoil the true answer, so the operation
 * happens as well.
 */
#ifndef SANDBOX_SCRIPT_H
#define SANDBOX_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sandbox/order.h"

struct buf;

enum op {
#define OP(name) OP_##name,
#include "sandbox/op.def"
#undef OP
	OP__MAX,
	OP_ANY = OP__MAX
};

/* "buy" and so on; "any" for OP_ANY; OP__MAX + 1 from find when unknown. */
const char *op_name(enum op op);
enum op op_find(const char *name);

/* What the client gets to see. */
enum act {
	ACT_TRUE,     /* the true answer */
	ACT_LATE,     /* the operation itself waits for delay_ms */
	ACT_HOLD,     /* the true answer, once the faults are cleared */
	ACT_SILENT,   /* nothing, the connection stays open */
	ACT_RESET,    /* TCP RST */
	ACT_HANG_UP,  /* TCP FIN */
	ACT_ANSWER,   /* status, type and body of the fault */
	ACT_TRUNCATE, /* the true answer; half of the announced body comes */
	ACT_CUT,      /* half of the true answer, announced as if whole */
	ACT_SLOW,     /* the true answer, `step` bytes every delay_ms */
	ACT_HUGE,     /* a body of `bytes` */
	ACT_REFUSE,   /* a refusal in the words of the dialect */
	ACT_TWIST     /* a sale that is wrong */
};

enum refusal {
	REFUSE_NO_NUMBERS,
	REFUSE_NO_BALANCE,
	REFUSE_RATE_LIMIT,
	REFUSE_BANNED
};

struct fault_kind {
	const char *name;
	const char *type; /* ACT_ANSWER, as are body and status */
	const char *body;
	enum act act;
	int status;
	int detail;   /* ACT_REFUSE: enum refusal; ACT_TWIST: enum twist */
	bool happens; /* the operation takes effect */
};

struct fault {
	const struct fault_kind *kind;
	enum op op;    /* OP_ANY: all */
	int service;   /* WORLD_NONE: all */
	int64_t count; /* uses left; negative: for ever */
	int64_t delay_ms;
	int64_t bytes;         /* ACT_HUGE */
	int64_t step;          /* ACT_SLOW */
	int64_t retry_after_s; /* REFUSE_RATE_LIMIT, REFUSE_BANNED */
	int64_t price;         /* TWIST_PRICE */
	int country;           /* TWIST_COUNTRY */
	int status;            /* ACT_ANSWER; 0: that of the kind */
	const char *type;      /* NULL: that of the kind */
	const char *body;
};

#define SCRIPT_MAX 256

struct script {
	struct fault faults[SCRIPT_MAX]; /* in order, without gaps */
	size_t count;
	int64_t used; /* faults that a request has met */
};

/* NULL when unknown. */
const struct fault_kind *fault_kind_find(const char *name);
/* All of them, "latency, latency_before, ...". */
void fault_kinds_print(struct buf *b);

/* False when the script is full. */
bool script_add(struct script *s, const struct fault *f);

/* Use the first fault that fits; false when there is none. */
bool script_take(struct script *s, enum op op, int service, struct fault *out);

void script_clear(struct script *s);

#endif
