#include "store/reconcile_store.h"

#include "base/text.h"
#include "io/db.h"
#include "store/activation_store.h"
#include "store/status.h"

static const struct field unknown_row_fields[] = {
    FIELD(unknown_row, attempt_id, ID, REQUIRED),
    FIELD(unknown_row, token, ID, REQUIRED),
    FIELD(unknown_row, state, TEXT, REQUIRED),
    FIELD(unknown_row, activation_id, ID, REQUIRED),
    FIELD(unknown_row, activation_state, ENUM, REQUIRED,
	.names = activation_state_names),
    FIELD(unknown_row, user_id, INT, REQUIRED),
    FIELD(unknown_row, provider_id, INT, REQUIRED),
    FIELD(unknown_row, service, TEXT, REQUIRED),
    FIELD(unknown_row, country, TEXT, REQUIRED),
    FIELD(unknown_row, operator, TEXT, REQUIRED),
    FIELD(unknown_row, native_service, TEXT, REQUIRED),
    FIELD(unknown_row, native_country, TEXT, REQUIRED),
    FIELD(unknown_row, native_operator, TEXT, REQUIRED),
    FIELD(unknown_row, max_cost, MONEY, REQUIRED),
    FIELD(unknown_row, fx_rate, MONEY, REQUIRED),
    FIELD(unknown_row, upstream_id, TEXT, OPTIONAL),
    FIELD(unknown_row, started_at, TIME, REQUIRED),
    FIELD(unknown_row, settle_at, TIME, REQUIRED),
    FIELD(unknown_row, cause, TEXT, REQUIRED),
    FIELD(unknown_row, may_give_up, BOOL, REQUIRED),
};
static SCHEMA(unknown_row);

static const struct field verdict_row_fields[] = {
    FIELD(verdict_row, status, TEXT, REQUIRED),
    FIELD(verdict_row, activation_id, ID, OPTIONAL),
    FIELD(verdict_row, state, ENUM, OPTIONAL, .names = activation_state_names),
};
static SCHEMA(verdict_row);

static const struct field orphan_row_fields[] = {
    FIELD(orphan_row, provider_id, INT, REQUIRED),
    FIELD(orphan_row, upstream_id, TEXT, REQUIRED),
    FIELD(orphan_row, token, ID, OPTIONAL),
    FIELD(orphan_row, reason, TEXT, REQUIRED),
    FIELD(orphan_row, cost, MONEY, REQUIRED),
    FIELD(orphan_row, first_at, TIME, REQUIRED),
};
static SCHEMA(orphan_row);

static const struct field exposure_row_fields[] = {
    FIELD(exposure_row, provider_id, INT, REQUIRED),
    FIELD(exposure_row, amount, MONEY, REQUIRED),
    FIELD(exposure_row, is_busy, BOOL, REQUIRED),
};
static SCHEMA(exposure_row);

static const struct field account_moves_fields[] = {
    FIELD(account_moves, is_serial, BOOL, REQUIRED),
    FIELD(account_moves, is_known, BOOL, REQUIRED),
    FIELD(account_moves, before, MONEY, REQUIRED),
    FIELD(account_moves, back, MONEY, REQUIRED),
    FIELD(account_moves, n, INT, REQUIRED),
    FIELD(account_moves, is_unsure, BOOL, REQUIRED),
};
static SCHEMA(account_moves);

static const struct field attempt_history_fields[] = {
    FIELD(attempt_history, id, ID, REQUIRED),
    FIELD(attempt_history, no, INT, REQUIRED),
    FIELD(attempt_history, provider_id, INT, REQUIRED),
    FIELD(attempt_history, provider, TEXT, REQUIRED),
    FIELD(attempt_history, state, TEXT, REQUIRED),
    FIELD(attempt_history, upstream_id, TEXT, OPTIONAL),
    FIELD(attempt_history, cost, MONEY, REQUIRED),
    FIELD(attempt_history, cost_state, TEXT, REQUIRED),
    FIELD(attempt_history, cause, TEXT, REQUIRED),
    FIELD(attempt_history, started_at, TIME, REQUIRED),
    FIELD(attempt_history, closed_at, TIME, OPTIONAL),
};
static SCHEMA(attempt_history);

static const struct field decision_row_fields[] = {
    FIELD(decision_row, no, INT, REQUIRED),
    FIELD(decision_row, seed, INT, REQUIRED),
    FIELD(decision_row, candidates, TEXT, REQUIRED),
    FIELD(decision_row, created_at, TIME, REQUIRED),
};
static SCHEMA(decision_row);

static const struct field known_row_fields[] = {
    FIELD(known_row, upstream_id, TEXT, REQUIRED),
    FIELD(known_row, is_taken, BOOL, REQUIRED),
    FIELD(known_row, seen_at, TIME, OPTIONAL),
};
static SCHEMA(known_row);

enum err
reconcile_store_due(
    struct ctx *c, int batch, int64_t lease_ms, struct list *out)
{
	return db_many(c, unknown_due, &unknown_row_schema, out, P_I64(batch),
	    P_I64(lease_ms));
}

enum err
reconcile_store_absent(struct ctx *c, const struct attempt_verdict *all,
    size_t n, struct list *out)
{
	return db_many(c, attempt_resolve_absent, &verdict_row_schema, out,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_TEXTS_OF(c, all, n, cause));
}

enum err
reconcile_store_doubt(struct ctx *c, const struct attempt_verdict *all,
    size_t n, struct list *out)
{
	return db_many(c, attempt_doubt, &verdict_row_schema, out,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_I64S_OF(c, all, n, amount), P_TEXTS_OF(c, all, n, upstream_id),
	    P_TEXTS_OF(c, all, n, cause));
}

enum err
reconcile_store_postpone(struct ctx *c, const struct attempt_verdict *all,
    size_t n, int64_t delay_ms)
{
	struct number_row r;

	return db_one(c, attempt_postpone, &number_row_schema, &r,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_I64(delay_ms));
}

enum err
reconcile_store_exposure(struct ctx *c, struct list *out)
{
	return db_many(c, provider_exposure, &exposure_row_schema, out);
}

static enum err
taken(struct ctx *c, const char *attempt, const struct status_row *r)
{
	return text_eq(r->status, "ok") ?
	    OK :
	    fail(
		c, status_err(r->status), "attempt %s: %s", attempt, r->status);
}

enum err
reconcile_store_alone(struct ctx *c, const char *attempt, const char *token)
{
	struct status_row r = {0};

	TRY(db_one(c, attempt_alone, &status_row_schema, &r, P_TEXT(attempt),
	    P_TEXT(token)));
	return taken(c, attempt, &r);
}

enum err
reconcile_store_balance(
    struct ctx *c, const char *attempt, const char *token, int64_t before)
{
	struct status_row r = {0};

	TRY(db_one(c, attempt_balance, &status_row_schema, &r, P_TEXT(attempt),
	    P_TEXT(token), P_I64(before)));
	return taken(c, attempt, &r);
}

enum err
reconcile_store_moves(
    struct ctx *c, const char *attempt, struct account_moves *out)
{
	return db_one(
	    c, attempt_moves, &account_moves_schema, out, P_TEXT(attempt));
}

enum err
reconcile_store_requeue(struct ctx *c, int batch, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_one(c, lease_requeue, &number_row_schema, &r, P_I64(batch)));
	*n = r.n;
	return OK;
}

enum err
reconcile_store_known(struct ctx *c, int64_t provider,
    const struct listed_number *all, size_t n, struct list *out)
{
	return db_many(c, attempt_known, &known_row_schema, out,
	    P_I64(provider), P_TEXTS_OF(c, all, n, upstream_id));
}

enum err
reconcile_store_listed(
    struct ctx *c, int64_t provider, const struct listed_number *all, size_t n)
{
	struct number_row r;

	return db_one(c, orphan_add, &number_row_schema, &r, P_I64(provider),
	    P_TEXTS_OF(c, all, n, upstream_id), P_TEXTS_OF(c, all, n, service),
	    P_TEXTS_OF(c, all, n, country), P_I64S_OF(c, all, n, cost));
}

enum err
reconcile_store_orphans(
    struct ctx *c, int batch, int64_t lease_ms, struct list *out)
{
	return db_many(c, orphan_due, &orphan_row_schema, out, P_I64(batch),
	    P_I64(lease_ms));
}

enum err
reconcile_store_old_orphans(struct ctx *c, int batch, struct list *out)
{
	return db_many(c, orphan_tell, &orphan_row_schema, out, P_I64(batch));
}

enum err
reconcile_store_orphan_end(struct ctx *c, const struct orphan_end *end)
{
	const struct orphan_row *o = end->orphan;
	struct status_row r = {0};

	TRY(db_one(c, orphan_done, &status_row_schema, &r,
	    P_I64(o->provider_id), P_TEXT(o->upstream_id), P_TEXT(o->token),
	    P_TEXT(end->outcome), P_I64(end->delay_ms), P_TEXT(end->error)));
	if (!text_eq(r.status, "ok"))
		return fail(c, status_err(r.status), "orphan %s: %s",
		    o->upstream_id, r.status);
	return OK;
}

enum err
reconcile_store_attempts(
    struct ctx *c, const char *activation, struct list *out)
{
	return db_many(
	    c, attempt_list, &attempt_history_schema, out, P_TEXT(activation));
}

enum err
reconcile_store_decisions(
    struct ctx *c, const char *activation, struct list *out)
{
	return db_many(c, decision_by_activation, &decision_row_schema, out,
	    P_TEXT(activation));
}
