/*
 * price_store - price rules, and what they make of the offers. Money is
 * micros of the wallet's currency, percent_bp hundredths of a percent.
 */
#ifndef STORE_PRICE_STORE_H
#define STORE_PRICE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

/* A rule; its service, country and provider NULL are any. */
struct price_rule_row {
	int64_t id;
	const char *service;
	const char *country;
	const char *provider;
	int64_t priority;
	int64_t percent_bp;
	int64_t fixed;    /* the least mark-up */
	int64_t minimum;  /* the least price */
	int64_t round_to; /* > 0 */
	int64_t ending;   /* the price is this above a multiple of round_to */
	int64_t created_at;
	const char *created_by;
	const char *reason;
	int64_t ended_at;     /* 0: in force */
	const char *ended_by; /* NULL then */
};

/* The least profit, whichever of the two is more. */
struct price_floor_row {
	int64_t percent_bp;
	int64_t amount;
};

/* One offer, and how it is priced. */
struct price_explained_row {
	const char *provider;
	const char *operator;
	int64_t cost;
	int64_t price;   /* 0: no rule gives one */
	int64_t floor;   /* the least it may be sold for */
	int64_t rule_id; /* 0 none */
	int64_t stock;
	int64_t ended; /* numbers, lately, */
	int64_t delivered;
	int64_t published_rate; /* the provider's word, ppm; 0 none */
};

enum price_rules_which { PRICE_RULES_IN_FORCE, PRICE_RULES_ALL };

/* struct price_rule_row: most specific first, or of all the newest first. */
enum err price_store_list(
    struct ctx *c, enum price_rules_which which, struct list *out) MUST_CHECK;
/* ERR_NOT_FOUND when there never was one. */
enum err price_store_find(struct ctx *c, int64_t id, struct price_rule_row *out)
    MUST_CHECK;

/*
 * Add `rule` (its id, times and end are not read) and end the one in force
 * for the same three and priority. *status is ok or the name of an error.
 */
enum err price_store_add(struct ctx *c, const struct price_rule_row *rule,
    const char **status, int64_t *id) MUST_CHECK;
enum err price_store_end(struct ctx *c, int64_t id, const char *actor,
    const char **status) MUST_CHECK;

enum err price_store_floor(struct ctx *c, struct price_floor_row *out)
    MUST_CHECK;
enum err price_store_set_floor(struct ctx *c,
    const struct price_floor_row *floor, const char *actor, const char **status)
    MUST_CHECK;

/* struct price_explained_row, the cheapest price first. */
enum err price_store_explain(struct ctx *c, const char *service,
    const char *country, struct list *out) MUST_CHECK;

#endif
