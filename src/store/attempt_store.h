/*
 * attempt_store - orders to lease, and the attempts to buy for them. All in
 * sets: element i of the answer is element i of what was given. `status` is
 * 'ok' or a word of the SQL function of the same name.
 */
#ifndef STORE_ATTEMPT_STORE_H
#define STORE_ATTEMPT_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

/* An activation that waits for a number, claimed. */
struct lease_order {
	const char *activation_id;
	const char *token; /* proves the claim */
	int64_t number;
	int64_t user_id;
	const char *service, *country, *operator;
	int64_t hold_amount; /* wallet micros; the price is never above */
	int64_t max_price;   /* the user's own limit; 0 none */
	int64_t quoted_cost; /* with a quote: the most it may cost; 0 none */
	int64_t cost_cap;    /* the most that keeps the floor at hold_amount */
	const char *reply;   /* Redis list of who waits; "" nobody */
	const char *tried;   /* ids of providers asked before, ",3,8," */
	int64_t attempts;
};

/* One intent to buy. */
struct attempt_new {
	const char *id;
	const char *activation, *order_token;
	int64_t provider;
	const char *service, *country, *operator; /* native */
	int64_t max_cost;                         /* wallet micros */
	int64_t late_ms; /* after the call, until "absent" is believed */
	int64_t seed;
	const char *decision; /* JSON */
};

/* How an attempt ended. */
struct attempt_end {
	const char *id, *token;
	const char *cause;    /* why it failed or is not known */
	const char *upstream; /* the provider's id of the number */
	const char *phone;    /* E.164 */
	int64_t cost;         /* wallet micros */
	int64_t until;        /* us; 0 the default window */
	int64_t cancel_from;  /* us; 0 at once */
};

struct attempt_row {
	const char *status;
	const char *attempt_id, *token; /* of attempt_start */
	const char *activation_id, *state;
	int64_t fx_rate; /* of attempt_start: converts its cost */
};

enum err attempt_store_claim(struct ctx *c, const char *holder, int batch,
    int64_t lease_ms, struct list *orders) MUST_CHECK;
enum err attempt_store_start(struct ctx *c, const struct attempt_new *all,
    size_t n, int64_t call_ms, struct list *rows) MUST_CHECK;
enum err attempt_store_fail(struct ctx *c, const struct attempt_end *all,
    size_t n, struct list *rows) MUST_CHECK;
enum err attempt_store_unknown(struct ctx *c, const struct attempt_end *all,
    size_t n, struct list *rows) MUST_CHECK;
enum err attempt_store_pending(struct ctx *c, const struct attempt_end *all,
    size_t n, int64_t again_ms, struct list *rows) MUST_CHECK;
enum err attempt_store_activate(struct ctx *c, const struct attempt_end *all,
    size_t n, struct list *rows) MUST_CHECK;

/* `order_tokens` are those of the claim. */
enum err attempt_store_give_up(struct ctx *c, const char *const *activations,
    const char *const *order_tokens, const char *const *causes, size_t n,
    struct list *rows) MUST_CHECK;

#endif
