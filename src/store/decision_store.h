/*
 * decision_store - what the router weighed for a number, kept as it was: the
 * number with its rule and quote, and each decision with its attempt.
 */
#ifndef STORE_DECISION_STORE_H
#define STORE_DECISION_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct attempt_new;

/* Money is micros; 0 none, NULL none. */
struct decision_number_row {
	const char *id;
	int64_t number;
	const char *service, *country, *operator;
	const char *state, *cause;
	const char *provider; /* it was bought from */
	int64_t created_at;
	int64_t hold, max_price, price, charged, cost;
	int64_t rule_id;
	const char *rule_service, *rule_country, *rule_provider; /* NULL any */
	int64_t rule_priority, rule_percent; /* millionths of a percent */
	int64_t rule_fixed, rule_minimum, rule_round_to, rule_ending;
	const char *quote_id;
	int64_t quote_price, quote_max_cost, quote_used_at;
};

struct decided_row {
	int64_t no;
	int64_t created_at;
	const char *candidates; /* JSON as the router printed it */
	/* Of the attempt it led to; NULL and 0 none. */
	const char *provider, *operator, * state, *cause;
	int64_t cost, max_cost;
};

/* By its id, or by its short number when `id` is NULL. ERR_NOT_FOUND. */
enum err decision_store_number(struct ctx *c, const char *id, int64_t number,
    struct decision_number_row *out) MUST_CHECK;

/* struct decided_row, in order. */
enum err decision_store_list(struct ctx *c, const char *id, struct list *out)
    MUST_CHECK;

/* Keep the decisions of orders that nobody is left for. */
enum err decision_store_keep(
    struct ctx *c, const struct attempt_new *all, size_t n) MUST_CHECK;

#endif
