#include "store/receivable_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field receivable_row_fields[] = {
    FIELD(receivable_row, provider, TEXT, REQUIRED),
    FIELD(receivable_row, upstream_id, TEXT, OPTIONAL),
    FIELD(receivable_row, activation_id, ID, REQUIRED),
    FIELD(receivable_row, cost, MONEY, REQUIRED),
    FIELD(receivable_row, refunded, MONEY, REQUIRED),
    FIELD(receivable_row, is_open, MONEY, REQUIRED),
    FIELD(receivable_row, since, TIME, REQUIRED),
};
static SCHEMA(receivable_row);

static const struct field receivable_age_fields[] = {
    FIELD(receivable_age, provider, TEXT, REQUIRED),
    FIELD(receivable_age, numbers, INT, REQUIRED),
    FIELD(receivable_age, is_open, MONEY, REQUIRED),
    FIELD(receivable_age, day, MONEY, REQUIRED),
    FIELD(receivable_age, week, MONEY, REQUIRED),
    FIELD(receivable_age, month, MONEY, REQUIRED),
    FIELD(receivable_age, older, MONEY, REQUIRED),
};
static SCHEMA(receivable_age);

struct receivable_status {
	const char *status;
	int64_t is_open;
};
static const struct field receivable_status_fields[] = {
    FIELD(receivable_status, status, TEXT, REQUIRED),
    FIELD(receivable_status, is_open, MONEY, REQUIRED),
};
static SCHEMA(receivable_status);

enum err
receivable_store_list(
    struct ctx *c, const char *provider, int limit, struct list *out)
{
	return db_many(c, receivable_list, &receivable_row_schema, out,
	    P_TEXT(provider), P_I64(limit));
}

enum err
receivable_store_ages(struct ctx *c, struct list *out)
{
	return db_many(c, receivable_ages, &receivable_age_schema, out);
}

static enum err
result(struct ctx *c, const struct receivable_evidence *in,
    const struct receivable_status *row, int64_t *out)
{
	enum err e = status_err(row->status);

	*out = row->is_open;
	return e == OK ? OK :
			 fail(c, e, "%s of %s: %s", in->upstream_id,
			     in->provider, row->status);
}

enum err
receivable_store_refund(
    struct ctx *c, const struct receivable_evidence *in, int64_t *open)
{
	struct receivable_status row = {0};

	TRY(db_one(c, receivable_refund, &receivable_status_schema, &row,
	    P_TEXT(in->provider), P_TEXT(in->upstream_id), P_I64(in->amount),
	    P_TEXT(in->actor), P_TEXT(in->reason), P_TEXT(in->key)));
	return result(c, in, &row, open);
}

enum err
receivable_store_write_off(
    struct ctx *c, const struct receivable_evidence *in, int64_t *lost)
{
	struct receivable_status row = {0};

	TRY(db_one(c, receivable_write_off, &receivable_status_schema, &row,
	    P_TEXT(in->provider), P_TEXT(in->upstream_id), P_TEXT(in->actor),
	    P_TEXT(in->reason)));
	return result(c, in, &row, lost);
}

static const struct field doubt_row_fields[] = {
    FIELD(doubt_row, attempt_id, ID, REQUIRED),
    FIELD(doubt_row, activation_id, ID, REQUIRED),
    FIELD(doubt_row, provider, TEXT, REQUIRED),
    FIELD(doubt_row, upstream_id, TEXT, OPTIONAL),
    FIELD(doubt_row, amount, MONEY, REQUIRED),
    FIELD(doubt_row, cause, TEXT, REQUIRED),
    FIELD(doubt_row, opened_at, TIME, REQUIRED),
};
static SCHEMA(doubt_row);

enum err
receivable_store_doubts(struct ctx *c, int limit, struct list *out)
{
	return db_many(c, doubt_list, &doubt_row_schema, out, P_I64(limit));
}

enum err
receivable_store_doubt_end(
    struct ctx *c, const struct doubt_end *in, int64_t *lost)
{
	struct receivable_status row = {0};
	enum err e;

	TRY(db_one(c, doubt_close, &receivable_status_schema, &row,
	    P_TEXT(in->attempt), P_I64(in->back), P_TEXT(in->actor),
	    P_TEXT(in->reason)));
	*lost = row.is_open;
	e = status_err(row.status);
	return e == OK ? OK : fail(c, e, "%s: %s", in->attempt, row.status);
}
