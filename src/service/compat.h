/*
 * compat - what the door of the handler_api protocol needs beyond lease and
 * number: its names of things, and what it does in one step and we in two.
 */
#ifndef SERVICE_COMPAT_H
#define SERVICE_COMPAT_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "service/number.h"
#include "store/compat_store.h"

/*
 * What clients send who mean the first country of the protocol's first
 * server, or leave it out; in today's numbering that country has this id.
 */
#define COMPAT_COUNTRY_ZERO INT64_C(222)

/* Our codes. ERR_UNKNOWN_SERVICE, ERR_UNKNOWN_COUNTRY. */
enum err compat_find(struct ctx *c, const char *service, int64_t country,
    struct compat_place *out) MUST_CHECK;

/* The wallets' currency as ISO 4217 numbers it; 0 when our table lacks it. */
int64_t compat_currency(const struct ctx *c);

/* struct compat_price by country; NULL and -1 take all. */
enum err compat_prices(struct ctx *c, const char *service, int64_t country,
    const char *operator, struct list * out) MUST_CHECK;

/* struct compat_active of c->user: `limit` of them behind `start`. */
enum err compat_active(
    struct ctx *c, int64_t start, int64_t limit, struct list *out) MUST_CHECK;

/*
 * Count one lease of c->user, as the guard of the other doors does: here
 * one address serves leases and the polling for their codes, which must not
 * use each other's allowance up. ERR_RATE_LIMITED.
 */
enum err compat_take_lease(struct ctx *c) MUST_CHECK;

/* Done with it: finished after an SMS, else cancelled (number_cancel_now). */
enum err compat_finish(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;

#endif
