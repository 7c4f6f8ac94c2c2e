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

struct reservation;

struct leased {
	const char *id;
	bool is_pending; /* park on `id` and ask lease_reserved() */
	struct reservation *reservation;
	int64_t until; /* monotonic us: how long to wait for the outcome */
	int64_t last;  /* monotonic us: pending no longer than this */
	bool repeated; /* the key made it before; nobody tells us of it */
	bool is_open;  /* no outcome yet */
	/* The stored answer of the first request with this key; 0 none. */
	int64_t answer_status;
	const char *answer;
};

/*
 * Begin to reserve for c->user, together with others that do so now: *out is
 * pending. ERR_MAINTENANCE, ERR_UNAVAILABLE: not begun.
 */
enum err lease_reserve(
    struct ctx *c, const struct lease_ask *ask, struct leased *out) MUST_CHECK;

/*
 * What became of a pending one; still pending when it is not decided. Refused
 * by policy, price, funds, limits or an unknown service or country; a
 * repeated key gives the first one's id. Whoever waits for `id` is woken when
 * it was refused or repeated, or was found undecided by this; else by the
 * outcome.
 */
enum err lease_reserved(
    struct ctx *c, const struct lease_ask *ask, struct leased *l) MUST_CHECK;

/*
 * The cheapest price that `ask` could have without its max_price: what to
 * say after ERR_NO_PRICE. ERR_NO_NUMBERS when there is no offer.
 */
enum err lease_cheapest(
    struct ctx *c, const struct lease_ask *ask, int64_t *out) MUST_CHECK;

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
