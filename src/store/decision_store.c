#include "store/decision_store.h"

#include "io/db.h"
#include "store/attempt_store.h"

static const struct field decision_number_row_fields[] = {
    FIELD(decision_number_row, id, ID, REQUIRED),
    FIELD(decision_number_row, number, INT, REQUIRED),
    FIELD(decision_number_row, service, TEXT, REQUIRED),
    FIELD(decision_number_row, country, TEXT, REQUIRED),
    FIELD(decision_number_row, operator, TEXT, REQUIRED),
    FIELD(decision_number_row, state, TEXT, REQUIRED),
    FIELD(decision_number_row, cause, TEXT, REQUIRED),
    FIELD(decision_number_row, provider, TEXT, OPTIONAL),
    FIELD(decision_number_row, created_at, TIME, REQUIRED),
    FIELD(decision_number_row, hold, MONEY, OPTIONAL),
    FIELD(decision_number_row, max_price, MONEY, REQUIRED),
    FIELD(decision_number_row, price, MONEY, REQUIRED),
    FIELD(decision_number_row, charged, MONEY, REQUIRED),
    FIELD(decision_number_row, cost, MONEY, REQUIRED),
    FIELD(decision_number_row, rule_id, INT, OPTIONAL),
    FIELD(decision_number_row, rule_service, TEXT, OPTIONAL),
    FIELD(decision_number_row, rule_country, TEXT, OPTIONAL),
    FIELD(decision_number_row, rule_provider, TEXT, OPTIONAL),
    FIELD(decision_number_row, rule_priority, INT, REQUIRED),
    FIELD(decision_number_row, rule_percent, MONEY, REQUIRED),
    FIELD(decision_number_row, rule_fixed, MONEY, REQUIRED),
    FIELD(decision_number_row, rule_minimum, MONEY, REQUIRED),
    FIELD(decision_number_row, rule_round_to, MONEY, REQUIRED),
    FIELD(decision_number_row, rule_ending, MONEY, REQUIRED),
    FIELD(decision_number_row, quote_id, ID, OPTIONAL),
    FIELD(decision_number_row, quote_price, MONEY, REQUIRED),
    FIELD(decision_number_row, quote_max_cost, MONEY, REQUIRED),
    FIELD(decision_number_row, quote_used_at, TIME, OPTIONAL),
};
static SCHEMA(decision_number_row);

static const struct field decided_row_fields[] = {
    FIELD(decided_row, no, INT, REQUIRED),
    FIELD(decided_row, created_at, TIME, REQUIRED),
    FIELD(decided_row, candidates, TEXT, REQUIRED),
    FIELD(decided_row, provider, TEXT, OPTIONAL),
    FIELD(decided_row, state, TEXT, OPTIONAL),
    FIELD(decided_row, cause, TEXT, OPTIONAL),
    FIELD(decided_row, operator, TEXT, OPTIONAL),
    FIELD(decided_row, cost, MONEY, REQUIRED),
    FIELD(decided_row, max_cost, MONEY, REQUIRED),
};
static SCHEMA(decided_row);

enum err
decision_store_number(struct ctx *c, const char *id, int64_t number,
    struct decision_number_row *out)
{
	bool found;

	TRY(db_maybe(c, decision_number, &decision_number_row_schema, out,
	    &found, id != NULL ? P_TEXT(id) : P_NULL, P_I64(number)));
	return found ? OK : fail(c, ERR_NOT_FOUND, "no such number");
}

enum err
decision_store_list(struct ctx *c, const char *id, struct list *out)
{
	return db_many(c, decision_list, &decided_row_schema, out, P_TEXT(id));
}

enum err
decision_store_keep(struct ctx *c, const struct attempt_new *all, size_t n)
{
	return db_exec(c, decision_keep, NULL,
	    P_TEXTS_OF(c, all, n, activation),
	    P_TEXTS_OF(c, all, n, order_token), P_I64S_OF(c, all, n, seed),
	    P_TEXTS_OF(c, all, n, decision));
}
