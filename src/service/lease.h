/*
 * lease - asking for a number: policy, price, and the reservation that holds
 * it. The worker does the rest and tells `reply_list`.
 */
#ifndef SERVICE_LEASE_H
#define SERVICE_LEASE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "service/number.h"

struct lease_ask {
	const char *service, *country;
	const char *operator; /* NULL any */
	int64_t max_price;    /* 0: the cheapest, and a little above */
	const char *quote;    /* or NULL; then service and country may be */
	const char *door;     /* web, v1, handler_api, 5sim */
	const char *key;      /* Idempotency-Key, or NULL */
	const char *reply_list;
};

struct leased {
	const char *id;
	bool repeated; /* the key made it before; nobody tells us of it */
	bool is_open;  /* no outcome yet */
	/* The stored answer of the first request with this key; 0 none. */
	int64_t answer_status;
	const char *answer;
};

/*
 * Reserve for c->user. Refused by policy, price, funds, limits or an
 * unknown service or country; a repeated key gives the first one's id.
 */
enum err lease_reserve(
    struct ctx *c, const struct lease_ask *ask, struct leased *out) MUST_CHECK;

/*
 * The cheapest price that `ask` could have without its max_price: what to
 * say after ERR_NO_PRICE. ERR_NO_NUMBERS when there is no offer.
 */
enum err lease_cheapest(
    struct ctx *c, const struct lease_ask *ask, int64_t *out) MUST_CHECK;

/* How long, from now (monotonic us), a request waits for its outcome. */
int64_t lease_deadline(const struct ctx *c);

/*
 * The number as far as it is. ERR_NO_NUMBERS when no provider could; the
 * state stays ACTIVATION_RESERVED while it is open.
 */
enum err lease_outcome(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;

/*
 * Store the definitive answer for the key, unless it has one. `first` is true
 * when this is the answer now; else `out` has the one that was given before.
 */
enum err lease_answer(struct ctx *c, const struct lease_ask *ask,
    const struct leased *answer, struct leased *out, bool *first) MUST_CHECK;

/*
 * For doors without "pending", at their deadline: a number that came is
 * kept (OK), else the lease is given up here and now: ERR_NO_NUMBERS.
 */
enum err lease_abandon(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;

#endif
