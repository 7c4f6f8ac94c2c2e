#include "store/attempt_store.h"

#include "io/db.h"

static const struct field lease_order_fields[] = {
    FIELD(lease_order, activation_id, ID, REQUIRED),
    FIELD(lease_order, token, ID, REQUIRED),
    FIELD(lease_order, number, INT, REQUIRED),
    FIELD(lease_order, user_id, INT, REQUIRED),
    FIELD(lease_order, service, TEXT, REQUIRED),
    FIELD(lease_order, country, TEXT, REQUIRED),
    FIELD(lease_order, operator, TEXT, REQUIRED),
    FIELD(lease_order, hold_amount, MONEY, REQUIRED),
    FIELD(lease_order, max_price, MONEY, REQUIRED),
    FIELD(lease_order, quoted_cost, MONEY, REQUIRED),
    FIELD(lease_order, cost_cap, MONEY, REQUIRED),
    FIELD(lease_order, reply, TEXT, REQUIRED),
    FIELD(lease_order, tried, TEXT, REQUIRED),
    FIELD(lease_order, attempts, INT, REQUIRED),
};
static SCHEMA(lease_order);

static const struct field attempt_row_fields[] = {
    FIELD(attempt_row, status, TEXT, REQUIRED),
    FIELD(attempt_row, attempt_id, ID, OPTIONAL),
    FIELD(attempt_row, token, ID, OPTIONAL),
    FIELD(attempt_row, activation_id, ID, OPTIONAL),
    FIELD(attempt_row, state, TEXT, OPTIONAL),
    FIELD(attempt_row, fx_rate, MONEY, OPTIONAL),
};
static SCHEMA(attempt_row);

enum err
attempt_store_claim(struct ctx *c, const char *holder, int batch,
    int64_t lease_ms, struct list *orders)
{
	return db_many(c, lease_claim, &lease_order_schema, orders,
	    P_TEXT(holder), P_I64(batch), P_I64(lease_ms));
}

enum err
attempt_store_start(struct ctx *c, const struct attempt_new *all, size_t n,
    int64_t call_ms, struct list *rows)
{
	return db_many(c, attempt_start, &attempt_row_schema, rows,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, activation),
	    P_TEXTS_OF(c, all, n, order_token), P_I64S_OF(c, all, n, provider),
	    P_TEXTS_OF(c, all, n, service), P_TEXTS_OF(c, all, n, country),
	    P_TEXTS_OF(c, all, n, operator), P_I64S_OF(c, all, n, max_cost),
	    P_I64(call_ms), P_I64S_OF(c, all, n, late_ms),
	    P_I64S_OF(c, all, n, seed), P_TEXTS_OF(c, all, n, decision));
}

enum err
attempt_store_fail(
    struct ctx *c, const struct attempt_end *all, size_t n, struct list *rows)
{
	return db_many(c, attempt_fail, &attempt_row_schema, rows,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_TEXTS_OF(c, all, n, cause));
}

enum err
attempt_store_unknown(
    struct ctx *c, const struct attempt_end *all, size_t n, struct list *rows)
{
	return db_many(c, attempt_unknown, &attempt_row_schema, rows,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_TEXTS_OF(c, all, n, cause));
}

enum err
attempt_store_pending(struct ctx *c, const struct attempt_end *all, size_t n,
    int64_t again_ms, struct list *rows)
{
	return db_many(c, attempt_pending, &attempt_row_schema, rows,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_TEXTS_OF(c, all, n, upstream), P_I64S_OF(c, all, n, cost),
	    P_I64(again_ms));
}

enum err
attempt_store_activate(
    struct ctx *c, const struct attempt_end *all, size_t n, struct list *rows)
{
	return db_many(c, activation_activate, &attempt_row_schema, rows,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_TEXTS_OF(c, all, n, upstream), P_TEXTS_OF(c, all, n, phone),
	    P_I64S_OF(c, all, n, cost), P_I64S_OF(c, all, n, until),
	    P_I64S_OF(c, all, n, cancel_from));
}

enum err
attempt_store_give_up(struct ctx *c, const char *const *activations,
    const char *const *order_tokens, const char *const *causes, size_t n,
    struct list *rows)
{
	return db_many(c, activation_fail, &attempt_row_schema, rows,
	    P_TEXTS(activations, n), P_TEXTS(order_tokens, n),
	    P_TEXTS(causes, n));
}
