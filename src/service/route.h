/*
 * route - which provider is asked for a lease: the offers of its route, the
 * filters and weights of provider/rank, the attempt committed before the
 * call, the errand that buys.
 */
#ifndef SERVICE_ROUTE_H
#define SERVICE_ROUTE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "provider/outcome.h"
#include "store/attempt_store.h"

struct errands;
struct upstream;

/* What a purchase under way is about; in the arena of its errand. */
struct purchase {
	struct lease_order order;
	const struct upstream *upstream; /* held */
	const char *attempt, *token;
	const char *service, *country, *operator; /* the upstream's words */
	int64_t cost;       /* of the offer, micros of the wallet's currency */
	int64_t max_native; /* the most that may be paid, of its currency */
	int64_t fx_rate;    /* converts what it says that it took */
	int64_t offer;
	enum upstream_op op; /* BALANCE, which must be known before, or BUY */
	int64_t over_by;     /* clock_mono; not sent later than this */
};

/* Plan the call that `what` is about; its upstream is taken over. */
enum err route_call(
    struct ctx *c, const struct purchase *what, struct errands *out) MUST_CHECK;

/*
 * For each order commit an attempt at the provider that was drawn, and plan
 * its purchase. Orders that nobody is left for are failed, and their holds
 * released.
 */
enum err route_orders(struct ctx *c, const struct lease_order *orders, size_t n,
    struct errands *out) MUST_CHECK;

#endif
