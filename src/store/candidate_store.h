/* candidate_store - the offers that a route may be bought from. */
#ifndef STORE_CANDIDATE_STORE_H
#define STORE_CANDIDATE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct candidate_row {
	int64_t offer_id, provider_id;
	const char *provider;
	bool enabled;
	int64_t balance; /* micros of the provider's currency */
	bool has_balance;
	int64_t fx_rate, priority, admin_weight;
	const char *service, *country, *operator;
	const char *native_service, *native_country;
	int64_t native_cost, cost, price, stock;
	bool has_price; /* a price rule applies */
	int64_t bought, delivered, latency_us;
};

/* All offers of the `n` pairs of service and country: candidate_row. */
enum err candidate_store_list(struct ctx *c, const char *const *services,
    const char *const *countries, size_t n, struct list *out) MUST_CHECK;

/* Purchase results for the statistics of offers; latency 0 is not known. */
struct candidate_result {
	int64_t offer, bought, delivered, latency_us;
};
enum err candidate_store_add_results(struct ctx *c,
    const struct candidate_result *all, size_t n) MUST_CHECK;

#endif
