/*
 * compat_store - services, countries and numbers by the names that the
 * handler_api protocol has for them. Money is micros of the wallet's
 * currency.
 */
#ifndef STORE_COMPAT_STORE_H
#define STORE_COMPAT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

/* Our codes; NULL when there is none. */
struct compat_place {
	const char *service;
	const char *country;
};

struct compat_price {
	int64_t country; /* id of the protocol */
	const char *service;
	int64_t price; /* the cheapest */
	int64_t stock; /* of all prices */
};

/* A number that waits for SMS. */
struct compat_active {
	int64_t number;
	const char *service;
	int64_t country; /* -1: the protocol has none */
	const char *country_name;
	const char *phone; /* E.164 */
	int64_t price;
	bool awaits_more; /* a further SMS was asked for */
	int64_t created_at;
	const char *text; /* of the newest SMS; NULL none yet */
	const char *code; /* of it; NULL none */
};

/* `country` is an int32. */
enum err compat_store_place(struct ctx *c, const char *service, int64_t country,
    struct compat_place *out) MUST_CHECK;

/* struct compat_price by country; "" and -1 take all. */
enum err compat_store_prices(struct ctx *c, const char *service,
    int64_t country, const char *operator, struct list * out) MUST_CHECK;

/* struct compat_active, newest first. */
enum err compat_store_active(struct ctx *c, int64_t user, int64_t start,
    int64_t limit, struct list *out) MUST_CHECK;

#endif
