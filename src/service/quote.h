/*
 * quote - a price that is kept for some minutes. It is a signed text that
 * names its user, what it is for, the price and its end; nothing is stored
 * before it is used.
 *
 * It is used once: a quote that could be used again would let its holder buy
 * any number of times at a price of the past. Used once means by one
 * Idempotency-Key, so repeating a request whose answer was lost is no second
 * use.
 */
#ifndef SERVICE_QUOTE_H
#define SERVICE_QUOTE_H

#include <stdint.h>

#include "base/ctx.h"

struct quote {
	const char *id;
	const char *quote; /* what POST /numbers takes */
	const char *service, *country, *operator;
	int64_t price;
	const char *currency;
	int64_t expires_at;
};

/* The cheapest price there is now, kept for c->user; errors as of a lease. */
enum err quote_make(struct ctx *c, const char *service, const char *country,
    const char *operator, struct quote * out) MUST_CHECK;

/*
 * Read what came back: ERR_QUOTE_INVALID when it is not ours, of another
 * user, or was changed. It may have expired.
 */
enum err quote_open(struct ctx *c, const char *token, struct quote *out)
    MUST_CHECK;

/*
 * Take it up for c->user's `key`; *id is the one that the activation shall
 * have, and becomes that of the first request with this key. ERR_QUOTE_USED,
 * ERR_QUOTE_EXPIRED.
 */
enum err quote_use(struct ctx *c, const struct quote *q, const char *key,
    const char **id) MUST_CHECK;

#endif
