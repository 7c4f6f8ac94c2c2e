#include "store/timeline_store.h"

#include "io/db.h"

static const struct field timeline_row_fields[] = {
    FIELD(timeline_row, kind, TEXT, REQUIRED),
    FIELD(timeline_row, at, TIME, REQUIRED),
    FIELD(timeline_row, what, TEXT, REQUIRED),
    FIELD(timeline_row, state, TEXT, OPTIONAL),
    FIELD(timeline_row, actor, TEXT, REQUIRED),
    FIELD(timeline_row, cause, TEXT, REQUIRED),
    FIELD(timeline_row, attempt, INT, REQUIRED),
    FIELD(timeline_row, amount, MONEY, REQUIRED),
    FIELD(timeline_row, provider, TEXT, OPTIONAL),
    FIELD(timeline_row, upstream_id, TEXT, OPTIONAL),
    FIELD(timeline_row, request, TEXT, OPTIONAL),
    FIELD(timeline_row, http_status, INT, REQUIRED),
    FIELD(timeline_row, answer, TEXT, OPTIONAL),
    FIELD(timeline_row, currency, TEXT, OPTIONAL),
    FIELD(timeline_row, fx_rate, MONEY, REQUIRED),
};
static SCHEMA(timeline_row);

static const struct field receipt_transfer_fields[] = {
    FIELD(receipt_transfer, id, INT, REQUIRED),
    FIELD(receipt_transfer, kind, TEXT, REQUIRED),
    FIELD(receipt_transfer, amount, MONEY, REQUIRED),
    FIELD(receipt_transfer, created_at, TIME, REQUIRED),
};
static SCHEMA(receipt_transfer);

enum err
timeline_store_list(
    struct ctx *c, const char *id, int64_t user, struct list *out)
{
	return db_many(c, timeline_by_activation, &timeline_row_schema, out,
	    P_TEXT(id), P_I64(user));
}

enum err
timeline_store_transfers(struct ctx *c, const char *id, struct list *out)
{
	return db_many(
	    c, receipt_transfers, &receipt_transfer_schema, out, P_TEXT(id));
}
