#include "store/outbox_store.h"

#include "base/text.h"
#include "io/db.h"
#include "store/activation_store.h"
#include "store/pollq_store.h"
#include "store/status.h"

#define ID_BELOW_ALL "00000000-0000-0000-0000-000000000000"

static const struct field outbox_row_fields[] = {
    FIELD(outbox_row, topic, TEXT, REQUIRED),
    FIELD(outbox_row, activation_id, ID, REQUIRED),
    FIELD(outbox_row, token, ID, REQUIRED),
    FIELD(outbox_row, tries, INT, REQUIRED),
    FIELD(outbox_row, user_id, INT, REQUIRED),
    FIELD(outbox_row, number, INT, REQUIRED),
    FIELD(outbox_row, service, TEXT, REQUIRED),
    FIELD(outbox_row, country, TEXT, REQUIRED),
    FIELD(outbox_row, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(outbox_row, provider_id, INT, REQUIRED),
    FIELD(outbox_row, upstream_id, TEXT, REQUIRED),
    FIELD(outbox_row, phone, TEXT, REQUIRED),
    FIELD(outbox_row, has_sms, BOOL, REQUIRED),
    FIELD(outbox_row, expires_at, TIME, REQUIRED),
};
static SCHEMA(outbox_row);

static const struct field outbox_depth_fields[] = {
    FIELD(outbox_depth, topic, TEXT, REQUIRED),
    FIELD(outbox_depth, waiting, INT, REQUIRED),
    FIELD(outbox_depth, dead, INT, REQUIRED),
    FIELD(outbox_depth, oldest_at, TIME, REQUIRED),
};
static SCHEMA(outbox_depth);

static const struct field poll_row_fields[] = {
    FIELD(poll_row, activation_id, ID, REQUIRED),
    FIELD(poll_row, provider_id, INT, REQUIRED),
    FIELD(poll_row, upstream_id, TEXT, REQUIRED),
    FIELD(poll_row, user_id, INT, REQUIRED),
    FIELD(poll_row, number, INT, REQUIRED),
    FIELD(poll_row, service, TEXT, REQUIRED),
    FIELD(poll_row, country, TEXT, REQUIRED),
    FIELD(poll_row, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(poll_row, has_sms, BOOL, REQUIRED),
    FIELD(poll_row, activated_at, TIME, REQUIRED),
    FIELD(poll_row, expires_at, TIME, REQUIRED),
    FIELD(poll_row, wait_ms, INT, REQUIRED),
    FIELD(poll_row, is_from_sql, BOOL, REQUIRED),
    FIELD(poll_row, was_missing, BOOL, REQUIRED),
};
static SCHEMA(poll_row);

static const struct field poll_seat_fields[] = {
    FIELD(poll_seat, activation_id, ID, REQUIRED),
    FIELD(poll_seat, provider_id, INT, REQUIRED),
    FIELD(poll_seat, delay_ms, INT, REQUIRED),
};
static SCHEMA(poll_seat);

enum err
outbox_store_claim(
    struct ctx *c, const struct outbox_claim *claim, struct list *out)
{
	return db_many(c, outbox_claim, &outbox_row_schema, out,
	    P_TEXTS(claim->topics, claim->topic_count), P_TEXT(claim->holder),
	    P_I64(claim->batch), P_I64(claim->lease_ms));
}

enum err
outbox_store_done(struct ctx *c, const struct outbox_end *all, size_t n)
{
	struct number_row r;

	return db_one(c, outbox_done, &number_row_schema, &r,
	    P_TEXTS_OF(c, all, n, topic), P_TEXTS_OF(c, all, n, activation_id),
	    P_TEXTS_OF(c, all, n, token));
}

enum err
outbox_store_retry(struct ctx *c, const struct outbox_end *all, size_t n)
{
	struct number_row r;

	return db_one(c, outbox_retry, &number_row_schema, &r,
	    P_TEXTS_OF(c, all, n, topic), P_TEXTS_OF(c, all, n, activation_id),
	    P_TEXTS_OF(c, all, n, token), P_I64S_OF(c, all, n, delay_ms),
	    P_TEXTS_OF(c, all, n, error));
}

enum err
outbox_store_depth(struct ctx *c, struct list *out)
{
	return db_many(c, outbox_depth, &outbox_depth_schema, out);
}

enum err
outbox_store_poll_adopt(struct ctx *c, const char *holder, int64_t interval_ms)
{
	struct number_row r;

	return db_one(c, poll_adopt, &number_row_schema, &r, P_TEXT(holder),
	    P_I64(interval_ms));
}

enum err
outbox_store_poll_release(struct ctx *c, const char *const *ids, size_t n)
{
	struct number_row r;

	return db_one(c, poll_release, &number_row_schema, &r, P_TEXTS(ids, n));
}

enum err
outbox_store_polls(struct ctx *c, const char *holder, int batch,
    int64_t lease_ms, struct list *out)
{
	return db_many(c, poll_due, &poll_row_schema, out, P_TEXT(holder),
	    P_I64(batch), P_I64(lease_ms));
}

enum err
outbox_store_poll_later(struct ctx *c, const struct poll_later *all, size_t n)
{
	struct number_row r;

	return db_one(c, poll_next, &number_row_schema, &r,
	    P_TEXTS_OF(c, all, n, activation_id),
	    P_I64S_OF(c, all, n, delay_ms));
}

enum err
outbox_store_poll_known(struct ctx *c, const char *const *ids, size_t n)
{
	struct number_row r;

	return db_one(c, poll_known, &number_row_schema, &r, P_TEXTS(ids, n));
}

enum err
outbox_store_poll_list(
    struct ctx *c, const char *after, int limit, struct list *out)
{
	if (text_is_empty(after))
		after = ID_BELOW_ALL;
	return db_many(
	    c, poll_list, &poll_seat_schema, out, P_TEXT(after), P_I64(limit));
}

enum err
outbox_store_poll_these(
    struct ctx *c, const char *const *ids, size_t n, struct list *out)
{
	return db_many(c, poll_these, &poll_row_schema, out, P_TEXTS(ids, n));
}
