#include "store/activation_store.h"

#include "base/text.h"
#include "io/db.h"
#include "store/status.h"

/* Above every UUID of a version in use. */
#define ID_ABOVE_ALL "ffffffff-ffff-ffff-ffff-ffffffffffff"

const char *const activation_state_names[] = {
    [ACTIVATION_RESERVED] = "reserved",
    [ACTIVATION_ACTIVE] = "active",
    [ACTIVATION_COMPLETED] = "completed",
    [ACTIVATION_CANCELLING] = "cancelling",
    [ACTIVATION_CANCELLED] = "cancelled",
    [ACTIVATION_EXPIRED] = "expired",
    [ACTIVATION_FAILED] = "failed",
    NULL,
};

static const struct field activation_row_fields[] = {
    FIELD(activation_row, id, ID, REQUIRED),
    FIELD(activation_row, number, INT, REQUIRED),
    FIELD(activation_row, user_id, INT, REQUIRED),
    FIELD(activation_row, service, TEXT, REQUIRED),
    FIELD(activation_row, country, TEXT, REQUIRED),
    FIELD(activation_row, operator, TEXT, REQUIRED),
    FIELD(activation_row, door, TEXT, REQUIRED),
    FIELD(
	activation_row, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(activation_row, price, MONEY, REQUIRED),
    FIELD(activation_row, max_price, MONEY, REQUIRED),
    FIELD(activation_row, charged, MONEY, REQUIRED),
    FIELD(activation_row, provider_id, INT, OPTIONAL),
    FIELD(activation_row, upstream_id, TEXT, OPTIONAL),
    FIELD(activation_row, phone, TEXT, OPTIONAL),
    FIELD(activation_row, cost, MONEY, REQUIRED),
    FIELD(activation_row, cause, TEXT, REQUIRED),
    FIELD(activation_row, code, TEXT, OPTIONAL),
    FIELD(activation_row, created_at, TIME, REQUIRED),
    FIELD(activation_row, activated_at, TIME, OPTIONAL),
    FIELD(activation_row, expires_at, TIME, OPTIONAL),
    FIELD(activation_row, cancel_after, TIME, OPTIONAL),
    FIELD(activation_row, first_sms_at, TIME, OPTIONAL),
    FIELD(activation_row, closed_at, TIME, OPTIONAL),
    FIELD(activation_row, awaits_more, BOOL, REQUIRED),
};
static SCHEMA(activation_row);

static const struct field activation_event_fields[] = {
    FIELD(activation_event, seq, INT, REQUIRED),
    FIELD(activation_event, event, TEXT, REQUIRED),
    FIELD(activation_event, from_state, TEXT, REQUIRED),
    FIELD(activation_event, to_state, TEXT, REQUIRED),
    FIELD(activation_event, actor, TEXT, REQUIRED),
    FIELD(activation_event, cause, TEXT, REQUIRED),
    FIELD(activation_event, at, TIME, REQUIRED),
};
static SCHEMA(activation_event);

static const struct field activation_reserved_fields[] = {
    FIELD(activation_reserved, status, TEXT, REQUIRED),
    FIELD(activation_reserved, id, ID, OPTIONAL),
    FIELD(activation_reserved, number, INT, OPTIONAL),
    FIELD(activation_reserved, state, ENUM, OPTIONAL,
	.names = activation_state_names),
    FIELD(activation_reserved, created_at, TIME, OPTIONAL),
    FIELD(activation_reserved, answer_status, INT, OPTIONAL),
    FIELD(activation_reserved, answer, TEXT, OPTIONAL),
};
static SCHEMA(activation_reserved);

static const struct field activation_change_fields[] = {
    FIELD(activation_change, status, TEXT, REQUIRED),
    FIELD(activation_change, id, ID, OPTIONAL),
    FIELD(activation_change, user_id, INT, OPTIONAL),
    FIELD(activation_change, state, ENUM, OPTIONAL,
	.names = activation_state_names),
    FIELD(activation_change, cancel_after, TIME, OPTIONAL),
};
static SCHEMA(activation_change);

enum err
activation_store_reserve(struct ctx *c, const struct activation_new *all,
    size_t n, int64_t most_active, struct list *out)
{
	return db_many(c, activation_reserve, &activation_reserved_schema, out,
	    P_TEXTS_OF(c, all, n, id), P_I64S_OF(c, all, n, user),
	    P_TEXTS_OF(c, all, n, service), P_TEXTS_OF(c, all, n, country),
	    P_TEXTS_OF(c, all, n, operator), P_I64S_OF(c, all, n, hold),
	    P_I64S_OF(c, all, n, max_price), P_TEXTS_OF(c, all, n, door),
	    P_TEXTS_OF(c, all, n, key), P_TEXTS_OF(c, all, n, fingerprint),
	    P_TEXTS_OF(c, all, n, reply), P_I64(most_active));
}

enum err
activation_store_find(struct ctx *c, const char *id, int64_t user,
    struct activation_row *out, bool *found)
{
	return db_maybe(c, activation_by_id, &activation_row_schema, out, found,
	    P_TEXT(id), P_I64(user));
}

enum err
activation_store_find_number(struct ctx *c, int64_t number, int64_t user,
    struct activation_row *out, bool *found)
{
	return db_maybe(c, activation_by_number, &activation_row_schema, out,
	    found, P_I64(number), P_I64(user));
}

/* The capital form of a state; "" when it is not one or not given. */
static const char *
state_word(const char *name, bool *is_live)
{
	static const struct {
		const char *name, *word;
		bool is_live;
	} states[] = {
	    {"reserved", "RESERVED", true},
	    {"active", "ACTIVE", true},
	    {"completed", "COMPLETED", false},
	    {"cancelling", "CANCELLING", true},
	    {"cancelled", "CANCELLED", false},
	    {"expired", "EXPIRED", false},
	    {"failed", "FAILED", false},
	};

	*is_live = false;
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (text_eq(name, states[i].name)) {
			*is_live = states[i].is_live;
			return states[i].word;
		}
	return "";
}

enum err
activation_store_list(struct ctx *c, int64_t user, const char *state,
    const char *before, int limit, struct list *out)
{
	bool is_live;
	const char *word = state_word(state, &is_live);

	if (text_is_empty(before))
		before = ID_ABOVE_ALL;
	if (is_live)
		return db_many(c, activation_list_live, &activation_row_schema,
		    out, P_I64(user), P_TEXT(word), P_TEXT(before),
		    P_I64(limit));
	return db_many(c, activation_list, &activation_row_schema, out,
	    P_I64(user), P_TEXT(word), P_TEXT(before), P_I64(limit));
}

enum err
activation_store_events(struct ctx *c, const char *id, struct list *out)
{
	return db_many(
	    c, activation_events, &activation_event_schema, out, P_TEXT(id));
}

enum err
activation_store_cancel(struct ctx *c, const char *id, int64_t user,
    enum activation_early early, struct activation_change *out)
{
	return db_one(c, activation_cancel_request, &activation_change_schema,
	    out, P_TEXTS(&id, 1), P_I64S(&user, 1),
	    P_TEXT(early == ACTIVATION_REFUSE ? "refuse" : "schedule"),
	    P_TEXT(user == 0 ? "system" : "user"));
}

enum err
activation_store_abandon(
    struct ctx *c, const char *id, int64_t user, struct activation_change *out)
{
	return db_one(c, activation_abandon, &activation_change_schema, out,
	    P_TEXTS(&id, 1), P_I64S(&user, 1));
}

enum err
activation_store_finish(
    struct ctx *c, const char *id, int64_t user, struct activation_change *out)
{
	return db_one(c, activation_finish, &activation_change_schema, out,
	    P_TEXTS(&id, 1), P_I64S(&user, 1),
	    P_TEXT(user == 0 ? "system" : "user"));
}

enum err
activation_store_resend(
    struct ctx *c, const char *id, int64_t user, struct activation_change *out)
{
	return db_one(c, activation_resend, &activation_change_schema, out,
	    P_TEXTS(&id, 1), P_I64S(&user, 1),
	    P_TEXT(user == 0 ? "system" : "user"));
}

enum err
activation_store_report(struct ctx *c, const char *id, int64_t user,
    const char *why, struct activation_change *out)
{
	return db_one(c, activation_report, &activation_change_schema, out,
	    P_TEXTS(&id, 1), P_I64S(&user, 1), P_TEXTS(&why, 1));
}

enum err
activation_store_end(struct ctx *c, const struct activation_ended *all,
    size_t n, struct list *out)
{
	return db_many(c, activation_end, &activation_change_schema, out,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, refunded),
	    P_TEXTS_OF(c, all, n, cause));
}

enum err
activation_store_missing(
    struct ctx *c, const char *const *ids, size_t n, struct list *out)
{
	return db_many(c, activation_missing, &activation_change_schema, out,
	    P_TEXTS(ids, n));
}

enum err
activation_store_expire(struct ctx *c, int batch, struct list *out)
{
	return db_many(
	    c, activation_expire, &activation_change_schema, out, P_I64(batch));
}
