#include "store/candidate_store.h"

#include "io/db.h"

static const struct field candidate_row_fields[] = {
    FIELD(candidate_row, offer_id, INT, REQUIRED),
    FIELD(candidate_row, provider_id, INT, REQUIRED),
    FIELD(candidate_row, provider, TEXT, REQUIRED),
    FIELD(candidate_row, enabled, BOOL, REQUIRED),
    FIELD(candidate_row, balance, MONEY, OPTIONAL),
    FIELD(candidate_row, has_balance, BOOL, REQUIRED),
    FIELD(candidate_row, fx_rate, INT, REQUIRED),
    FIELD(candidate_row, priority, INT, REQUIRED),
    FIELD(candidate_row, admin_weight, INT, REQUIRED),
    FIELD(candidate_row, service, TEXT, REQUIRED),
    FIELD(candidate_row, country, TEXT, REQUIRED),
    FIELD(candidate_row, operator, TEXT, REQUIRED),
    FIELD(candidate_row, native_service, TEXT, REQUIRED),
    FIELD(candidate_row, native_country, TEXT, REQUIRED),
    FIELD(candidate_row, native_cost, MONEY, REQUIRED),
    FIELD(candidate_row, cost, MONEY, REQUIRED),
    FIELD(candidate_row, price, MONEY, OPTIONAL),
    FIELD(candidate_row, has_price, BOOL, REQUIRED),
    FIELD(candidate_row, stock, INT, REQUIRED),
    FIELD(candidate_row, bought, INT, REQUIRED),
    FIELD(candidate_row, delivered, INT, REQUIRED),
    FIELD(candidate_row, latency_us, INT, REQUIRED),
};
static SCHEMA(candidate_row);

enum err
candidate_store_list(struct ctx *c, const char *const *services,
    const char *const *countries, size_t n, struct list *out)
{
	return db_many(c, catalogue_candidates, &candidate_row_schema, out,
	    P_TEXTS(services, n), P_TEXTS(countries, n));
}

enum err
candidate_store_add_results(
    struct ctx *c, const struct candidate_result *all, size_t n)
{
	return db_exec(c, provider_statistics_add, NULL,
	    P_I64S_OF(c, all, n, offer), P_I64S_OF(c, all, n, bought),
	    P_I64S_OF(c, all, n, delivered), P_I64S_OF(c, all, n, latency_us));
}
