/* quote_store - quotes that were taken up, and by whom. */
#ifndef STORE_QUOTE_STORE_H
#define STORE_QUOTE_STORE_H

#include <stdint.h>

#include "base/ctx.h"

struct quote_use {
	const char *quote; /* its id */
	int64_t user;
	const char *key;        /* Idempotency-Key that takes it up */
	const char *activation; /* the id that the activation shall have */
	int64_t price;
	int64_t max_cost; /* the most that the number may cost */
	int64_t expires_at;
};

struct quote_used {
	const char *status;        /* ok, quote_used, quote_expired */
	const char *activation_id; /* ok: the id that it must have */
};

enum err quote_store_use(struct ctx *c, const struct quote_use *use,
    struct quote_used *out) MUST_CHECK;

#endif
