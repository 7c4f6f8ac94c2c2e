/* provider_store - rows of providers and their price lists. */
#ifndef STORE_PROVIDER_STORE_H
#define STORE_PROVIDER_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct provider_row {
	int64_t id;
	const char *name, *dialect;
	const char *settings; /* JSON */
	const char *secret;   /* sealed, as the database prints it; NULL */
	const char *currency;
	int64_t fx_rate, priority, admin_weight;
	bool enabled;
	const char *state;
	int64_t balance;
	int64_t last_ok_at;
	const char *last_error;
	int64_t version;
	int64_t offers; /* in stock */
};

/* A new provider, or new settings for the one of that name. */
struct provider_new {
	const char *name, *dialect, *settings;
	const unsigned char *secret; /* sealed; NULL keeps the old one */
	size_t secret_size;
	const char *currency;
	int64_t fx_rate, priority;
	bool enabled;
};

/* One line of a price list, in the provider's words and currency. */
struct provider_price {
	const char *service, *country, *operator;
	int64_t cost, stock;
};

enum err provider_store_list(struct ctx *c, struct list *rows) MUST_CHECK;
enum err provider_store_find(struct ctx *c, const char *name,
    struct provider_row *out) MUST_CHECK;
/* Grows with every change of any provider's configuration. */
enum err provider_store_version(struct ctx *c, int64_t *out) MUST_CHECK;
/* The sealed bytes of `secret`, in c->mem. */
enum err provider_store_secret(struct ctx *c, const struct provider_row *row,
    const unsigned char **at, size_t *size) MUST_CHECK;
enum err provider_store_put(struct ctx *c, const struct provider_new *p,
    int64_t *id_out) MUST_CHECK;
enum err provider_store_set_enabled(
    struct ctx *c, const char *name, bool enabled) MUST_CHECK;
/* It answered; a negative balance is not known. */
enum err provider_store_set_up(
    struct ctx *c, int64_t id, int64_t balance) MUST_CHECK;
/* `state` is degraded or down. */
enum err provider_store_set_down(struct ctx *c, int64_t id, const char *state,
    const char *why) MUST_CHECK;
/* `whole`: what the list lacks is out of stock. */
enum err provider_store_put_prices(struct ctx *c, int64_t id,
    const struct provider_price *all, size_t n, bool whole,
    int64_t *written) MUST_CHECK;

#endif
