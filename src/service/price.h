/*
 * price - the rules by which prices are made, as operators manage them. The
 * price itself is made in one place, priced() of sql/functions/17_price.sql.
 * A rule never changes: a new one takes its place, and a number that was
 * sold keeps the one that priced it.
 */
#ifndef SERVICE_PRICE_H
#define SERVICE_PRICE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/price_store.h"

struct price_rule {
	int64_t id;
	const char *service, *country, *provider; /* NULL any */
	int64_t priority;
	int64_t percent; /* micros of a percent: 30 % is 30000000 */
	int64_t fixed, minimum;
	int64_t round_to; /* 0: one micro */
	int64_t ending;
	int64_t created_at;
	const char *created_by, *reason;
	int64_t ended_at; /* 0: in force */
	const char *ended_by;
};

/* The least profit: percent of the cost or amount, whichever is more. */
struct price_floor {
	int64_t percent, amount; /* percent as above */
};

/* struct price_rule: most specific first, or of all the newest first. */
enum err price_list(
    struct ctx *c, enum price_rules_which which, struct list *out) MUST_CHECK;

/*
 * Add a rule on behalf of its created_by; one in force for the same three and
 * priority ends. ERR_BAD_INPUT when a figure is out of range or the percentage
 * has more than two decimals, ERR_UNKNOWN_SERVICE, ERR_UNKNOWN_COUNTRY,
 * ERR_NOT_FOUND (the provider).
 */
enum err price_add(struct ctx *c, const struct price_rule *rule,
    struct price_rule *out) MUST_CHECK;

/* End a rule; ERR_NOT_FOUND. One that has ended stays as it is. */
enum err price_end(struct ctx *c, int64_t id, const char *actor) MUST_CHECK;

enum err price_floor(struct ctx *c, struct price_floor *out) MUST_CHECK;
enum err price_set_floor(struct ctx *c, const struct price_floor *floor,
    const char *actor) MUST_CHECK;

/* struct price_explained_row of every offer, the cheapest price first. */
enum err price_explain(struct ctx *c, const char *service, const char *country,
    struct list *out) MUST_CHECK;

#endif
