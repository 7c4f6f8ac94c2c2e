/*
 * sandbox - one simulated upstream behind one HTTP port: a market, a dialect
 * that speaks for it, a script of faults, and the control endpoint.
 *
 * A dialect is written from the upstream's documentation alone. It shares
 * nothing with the code that reads these protocols for a living, so that one
 * mistake cannot hide another.
 */
#ifndef SANDBOX_SANDBOX_H
#define SANDBOX_SANDBOX_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "sandbox/market.h"
#include "sandbox/order.h"
#include "sandbox/script.h"

struct arena;
struct handler_manner;
struct httpd_call;
struct visit;

struct dialect {
	const char *name;
	int64_t lifetime_s; /* of an order */
	/* Name the operation (and service) of a request in v->op. */
	void (*recognise)(struct visit *v);
	/* Do it and fill v->answer. */
	void (*serve)(struct visit *v);
	/* Fill v->answer with a refusal. */
	void (*refuse)(struct visit *v, enum refusal why);
	/* How this one speaks handler_api; NULL when it does not. */
	const struct handler_manner *manner;
};

extern const struct dialect fivesim_dialect;
extern const struct dialect handler_dialect;
extern const struct dialect herosms_dialect;

/* NULL when unknown. */
const struct dialect *dialect_find(const char *name);

/* How much was asked for at once; the most since it was cleared. */
struct load {
	int64_t at_once, most_at_once;
	int64_t second, in_second, most_in_second; /* seconds of the clock */
};

struct sandbox {
	const char *name;
	const char *key;         /* of the customer */
	const char *control_key; /* of the test */
	const struct dialect *dialect;
	struct market *market;
	struct script script;
	int64_t calls[OP__MAX];
	struct load load;
	int64_t clears;       /* how often the faults were cleared */
	int64_t unauthorised; /* calls with a wrong key */
};

struct answer {
	int status;
	const char *type; /* Content-Type; NULL: none */
	struct buf body;
};

/* One request, from its arrival to its answer. */
struct visit {
	struct sandbox *box;
	struct market *market;
	struct httpd_call *call;
	struct arena *mem;
	int64_t now;
	enum op op;
	int service;        /* WORLD_NONE when the request names none */
	struct fault fault; /* fault.kind is NULL when there is none */
	struct answer answer;
	int64_t clears; /* of the box, when it came */
};

/* Set status and type, empty the body. */
struct buf *answer_start(struct visit *v, int status, const char *type);
/* A whole answer in one call. */
void answer_text(struct visit *v, int status, const char *text);

/* The wish of a sale with the twist of the visit's fault in it. */
struct wish visit_wish(const struct visit *v);

/* Serve one call; what httpd calls. `arg` is the struct sandbox. */
void sandbox_serve(void *arg, struct httpd_call *call);

#endif
