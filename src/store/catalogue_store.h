/*
 * catalogue_store - what can be leased, what it costs, from whom. Money is
 * micros of the wallet's currency unless it says native.
 */
#ifndef STORE_CATALOGUE_STORE_H
#define STORE_CATALOGUE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct service_row {
	const char *code;
	const char *name;
	const char *category;
	bool is_allowed;         /* by policy */
	bool enabled;            /* by the operator */
	const char *handler_api; /* code of that protocol; NULL none */
	const char *fivesim;     /* word of that protocol; NULL none */
};

struct country_row {
	const char *code; /* ISO 3166-1, lower case */
	const char *name;
	const char *dial;
	bool enabled;
	int64_t handler_api; /* id of that protocol, 0 is one; -1 none */
	const char *fivesim;
};

/* The cheapest of all providers; price is what the user pays. */
struct offer_row {
	const char *service;
	const char *country;
	const char *operator;
	int64_t price;
	int64_t stock; /* of all providers together */
	int64_t seen_at;
};

/* One provider's offer with what the router weighs. */
struct candidate_row {
	int64_t offer_id;
	int64_t provider_id;
	const char *provider;
	const char *dialect;
	bool enabled;
	const char *state;    /* unknown, up, degraded, down */
	int64_t balance;      /* native micros; INT64_MAX when not known */
	const char *currency; /* native */
	int64_t fx_rate;      /* wallet micros for one whole native unit */
	int64_t fx_at;        /* when it was last looked at; 0 never given */
	int64_t priority;
	int64_t admin_weight; /* of provider and offer */
	const char *service;
	const char *country;
	const char *operator; /* any: the provider chooses */
	const char *native_service;
	const char *native_country;
	int64_t native_cost;
	int64_t cost;
	int64_t price;   /* 0: no rule gives one */
	int64_t floor;   /* the least it may be sold for, never above price */
	int64_t rule_id; /* of the price; 0 none */
	int64_t stock;
	int64_t seen_at;
	/* Numbers of the route that ended lately, and had brought a code. */
	int64_t ended, delivered;
	int64_t published_rate; /* the provider's word, ppm; 0 none */
	int64_t latency_us;     /* of a purchase; 0 not known */
};

/* Rows of those that are open. */
enum err catalogue_store_services(struct ctx *c, struct list *out) MUST_CHECK;
enum err catalogue_store_countries(struct ctx *c, struct list *out) MUST_CHECK;

/* ERR_UNKNOWN_SERVICE, ERR_UNKNOWN_COUNTRY when there is none. */
enum err catalogue_store_service(
    struct ctx *c, const char *code, struct service_row *out) MUST_CHECK;
enum err catalogue_store_country(
    struct ctx *c, const char *code, struct country_row *out) MUST_CHECK;

/* struct offer_row; "" takes every service or country. */
enum err catalogue_store_offers(struct ctx *c, const char *service,
    const char *country, struct list *out) MUST_CHECK;

/*
 * struct candidate_row for each of `n` distinct pairs of service and
 * country, ordered by pair; refused and empty offers included.
 */
enum err catalogue_store_candidates(struct ctx *c, const char *const *services,
    const char *const *countries, size_t n, struct list *out) MUST_CHECK;

/* Text that changes when offers, prices or providers may have changed. */
enum err catalogue_store_version(struct ctx *c, const char **out) MUST_CHECK;

/* A setting of the table settings; NULL when it is not there. */
enum err catalogue_store_setting(
    struct ctx *c, const char *key, const char **out) MUST_CHECK;

#endif
