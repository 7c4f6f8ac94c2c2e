/*
 * explain - why a number was bought where it was: what was weighed for each
 * purchase, what each option had and lost by, the rule, floor and cost, the
 * quote. All of it as it was written then; nothing is decided again.
 */
#ifndef SERVICE_EXPLAIN_H
#define SERVICE_EXPLAIN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/decision_store.h"

/* One offer that was weighed. The parts of the score are millionths. */
struct explained_option {
	const char *provider;
	const char *operator; /* NULL when it was not written down */
	bool chosen;
	int64_t place;       /* 1 is asked first; 0 was not admitted */
	const char *refused; /* name of the filter, NULL admitted */
	const char *why;     /* in words, why it won or lost */
	int64_t cost, price, floor;
	int64_t rule_id; /* that priced it; 0 none */
	int64_t stock;
	int64_t ended, delivered, rate; /* ppm, the lower bound */
	int64_t by_points, by_cost, by_latency, by_delivery, by_stock;
	int64_t score, luck;
};

/* One decision, and the purchase it led to. */
struct explained_try {
	int64_t no;
	int64_t at;
	const char *provider, *state, *cause; /* NULL: nobody was asked */
	int64_t cost, max_cost;
	int64_t limit;       /* the most that the user may pay */
	const char *said;    /* what came of it, in words */
	struct list options; /* struct explained_option */
};

struct explained {
	const struct decision_number_row *number;
	const char *priced; /* the price in words: rule, cost, quote */
	struct list tries;  /* struct explained_try */
};

/* `id` is a UUID or a short number. ERR_NOT_FOUND. */
enum err explain_number(struct ctx *c, const char *id, struct explained *out)
    MUST_CHECK;

#endif
