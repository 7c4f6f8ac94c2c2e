/*
 * provider_store - upstream accounts: configuration, health, price lists.
 */
#ifndef STORE_PROVIDER_STORE_H
#define STORE_PROVIDER_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct provider_row {
	int64_t id;
	const char *name;
	const char *dialect;  /* the descriptor that speaks for it */
	const char *settings; /* JSON object: base address, ... */
	const char *secret;   /* sealed; bytes by provider_store_secret() */
	const char *currency;
	int64_t fx_rate; /* wallet micros for one whole unit of it */
	int64_t priority;
	int64_t admin_weight;
	bool enabled;
	const char *state; /* unknown, up, degraded, down */
	int64_t balance;   /* micros of its currency; INT64_MAX not known */
	int64_t last_ok_at;
	const char *last_error; /* NULL none */
	int64_t version;        /* of the configuration */
	int64_t offers;         /* in stock */
};

struct provider_new {
	const char *name;
	const char *dialect;
	const char *settings;        /* JSON object */
	const unsigned char *secret; /* sealed; NULL keeps the one there is */
	size_t secret_size;
	const char *currency;
	int64_t fx_rate;
	int64_t priority;
	bool enabled;
};

/* One line of a provider's price list, in its own codes and currency. */
struct price_line {
	const char *service;
	const char *country;
	const char *operator; /* "" or any: its choice */
	int64_t cost;         /* micros */
	int64_t stock;
	int64_t rate; /* ppm that bring a code, as it says; 0 it does not */
};

/* How long a purchase from one offer took. */
struct offer_latency {
	int64_t offer_id;
	int64_t us;
};

/* How numbers are counted into the rates of their routes, all in ms. */
struct rate_rule {
	int64_t half;     /* in which a count becomes half */
	int64_t patience; /* given up before it says nothing */
	int64_t lag;      /* so long ago all closings are committed */
};

enum price_list { PRICE_LIST_WHOLE, PRICE_LIST_PART };

/* struct provider_row of all, by name. */
enum err provider_store_list(struct ctx *c, struct list *out) MUST_CHECK;

/* ERR_NOT_FOUND when there is none of that name. */
enum err provider_store_find(
    struct ctx *c, const char *name, struct provider_row *out) MUST_CHECK;

/* The sealed secret; NULL when it has none. */
enum err provider_store_secret(struct ctx *c, const struct provider_row *p,
    const unsigned char **out, size_t *n) MUST_CHECK;

/* A country in the provider's own word. */
struct native_row {
	const char *native;
};
/* struct native_row: its words for the countries that are open. */
enum err provider_store_countries(struct ctx *c, int64_t id, struct list *out)
    MUST_CHECK;

/* Grows with every change of any configuration. */
enum err provider_store_version(struct ctx *c, int64_t *out) MUST_CHECK;

/* Add, or change the one of that name; its codes are mapped. */
enum err provider_store_put(
    struct ctx *c, const struct provider_new *p, int64_t *id) MUST_CHECK;

/* ERR_NOT_FOUND when there is none of that name. */
enum err provider_store_enable(struct ctx *c, const char *name) MUST_CHECK;
enum err provider_store_disable(struct ctx *c, const char *name) MUST_CHECK;

/* It answered; its balance, or INT64_MAX when it did not say. */
enum err provider_store_up(struct ctx *c, int64_t id, int64_t balance)
    MUST_CHECK;
/* It did not; `state` is degraded or down. */
enum err provider_store_down(
    struct ctx *c, int64_t id, const char *state, const char *why) MUST_CHECK;

/*
 * Take a price list; lines that are not mapped are left out, and a WHOLE
 * list puts what it does not hold out of stock. `written` offers.
 */
enum err provider_store_offers(struct ctx *c, int64_t id,
    const struct price_line *lines, size_t n, enum price_list part,
    int64_t *written) MUST_CHECK;

enum err provider_store_latencies(
    struct ctx *c, const struct offer_latency *all, size_t n) MUST_CHECK;

/* `more`: call again, there is another hour of them. */
enum err provider_store_rates(struct ctx *c, const struct rate_rule *rule,
    int64_t *counted, bool *more) MUST_CHECK;

#endif
