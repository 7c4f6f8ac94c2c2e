/* admin_voucher - vouchers, for administrators. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/buf.h"
#include "handler/once.h"
#include "io/schema.h"
#include "service/voucher.h"
#include "web/route.h"

#define LIST_MAX     200
#define LIST_DEFAULT 50
#define AMOUNT_MAX   INT64_C(1000000000000) /* a million */

static const char *
actor_of(struct ctx *c)
{
	return arena_fmt(c->mem, "user:%" PRId64, c->user);
}

/* GET /admin/vouchers */
static const struct field voucher_row_fields[] = {
    FIELD(voucher_row, id, INT, REQUIRED),
    FIELD(voucher_row, hint, TEXT, REQUIRED, .doc = "The code's last group."),
    FIELD(voucher_row, batch, TEXT, REQUIRED),
    FIELD(voucher_row, kind, TEXT, REQUIRED, .doc = "cash or bonus."),
    FIELD(voucher_row, amount, MONEY, REQUIRED),
    FIELD(voucher_row, state, TEXT, REQUIRED,
	.doc = "open, redeemed, expired or revoked."),
    FIELD(voucher_row, expires_at, TIME, OPTIONAL, .nullable = true),
    FIELD(voucher_row, created_at, TIME, REQUIRED),
    FIELD(voucher_row, created_by, TEXT, REQUIRED),
    FIELD(voucher_row, reason, TEXT, REQUIRED),
    FIELD(voucher_row, redeemed_at, TIME, OPTIONAL, .nullable = true),
    FIELD(voucher_row, redeemed_by, ID, OPTIONAL, .nullable = true,
	.doc = "The user."),
    FIELD(voucher_row, revoked_at, TIME, OPTIONAL, .nullable = true),
    FIELD(voucher_row, revoked_by, TEXT, OPTIONAL, .nullable = true),
};
static SCHEMA(voucher_row);

struct admin_voucher_list_in {
	const char *batch;
	int state;
	int64_t cursor, limit;
};
static const struct field admin_voucher_list_in_fields[] = {
    FIELD(admin_voucher_list_in, batch, TEXT, OPTIONAL, .from = FROM_QUERY,
	.lo = 1, .hi = 64),
    FIELD(admin_voucher_list_in, state, ENUM, OPTIONAL, .from = FROM_QUERY,
	.names = voucher_states),
    FIELD(admin_voucher_list_in, cursor, INT, OPTIONAL, .from = FROM_QUERY,
	.lo = 1, .hi = INT64_MAX),
    FIELD(admin_voucher_list_in, limit, INT, OPTIONAL, .from = FROM_QUERY,
	.lo = 1, .hi = LIST_MAX, .def = LIST_DEFAULT),
};
SCHEMA(admin_voucher_list_in);

enum err
admin_voucher_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_voucher_list_in *in = rq->in;
	const struct voucher_query q = {.before = in->cursor,
	    .batch = in->batch,
	    .state = in->state,
	    .limit = (int)in->limit};
	const struct voucher_row *rows;
	struct list list = {0};

	TRY(voucher_list(c, &q, &list));
	rows = list.at;
	response_list(c, rs, &voucher_row_schema, list.at, list.n,
	    list.n == (size_t)q.limit ?
		arena_fmt(c->mem, "%" PRId64, rows[list.n - 1].id) :
		NULL);
	return OK;
}

/* POST /admin/vouchers */
struct admin_voucher_add_in {
	int64_t count, amount, expires_at;
	int kind;
	const char *batch, *reason;
};
static const struct field admin_voucher_add_in_fields[] = {
    FIELD(admin_voucher_add_in, count, INT, REQUIRED, .lo = 1,
	.hi = VOUCHER_MAKE_MAX),
    FIELD(admin_voucher_add_in, amount, MONEY, REQUIRED, .lo = 1,
	.hi = AMOUNT_MAX, .doc = "Of each."),
    FIELD(admin_voucher_add_in, kind, ENUM, OPTIONAL, .names = voucher_kinds),
    FIELD(admin_voucher_add_in, expires_at, TIME, OPTIONAL),
    FIELD(admin_voucher_add_in, batch, TEXT, OPTIONAL, .lo = 1, .hi = 64),
    FIELD(admin_voucher_add_in, reason, TEXT, REQUIRED, .lo = 1, .hi = 200),
};
SCHEMA(admin_voucher_add_in);

static const char *
said(struct ctx *c, const struct admin_voucher_add_in *in)
{
	return arena_fmt(c->mem,
	    "%" PRId64 "\n%" PRId64 "\n%s\n%" PRId64 "\n%s\n%s", in->count,
	    in->amount, voucher_kinds[in->kind], in->expires_at,
	    in->batch != NULL ? in->batch : "", in->reason);
}

/*
 * The codes are in this one answer and nowhere else, so not with the key
 * either: the same request again makes none and is told none.
 */
enum err
admin_voucher_add(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_voucher_add_in *in = rq->in;
	const struct voucher_ask ask = {.kind = in->kind,
	    .amount = in->amount,
	    .expires_at = in->expires_at,
	    .batch = in->batch,
	    .actor = actor_of(c),
	    .reason = in->reason};
	struct voucher_code *codes =
	    arena_many(c->mem, struct voucher_code, VOUCHER_MAKE_MAX);
	size_t n = (size_t)in->count;
	struct buf b;
	bool mine;

	TRY(voucher_check(c, &ask));
	TRY(once_claim(c, rq, rs, said(c, in), "{\"codes\":[]}", &mine));
	if (!mine)
		return OK;
	TRY(voucher_make(c, &ask, codes, n));
	buf_init(&b, c->mem);
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%s\"%s\"", i == 0 ? "{\"codes\":[" : ",",
		    codes[i].text);
	buf_text(&b, "]}");
	response_bytes(rs, 201, "application/json", b.at, b.len);
	return OK;
}

/* POST /admin/vouchers/{id}/revoke */
struct admin_voucher_revoke_in {
	int64_t id;
};
static const struct field admin_voucher_revoke_in_fields[] = {
    FIELD(admin_voucher_revoke_in, id, INT, REQUIRED, .from = FROM_PATH,
	.lo = 1, .hi = INT64_MAX),
};
SCHEMA(admin_voucher_revoke_in);

enum err
admin_voucher_revoke(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_voucher_revoke_in *in = rq->in;

	TRY(voucher_revoke(c, in->id, actor_of(c)));
	response_empty(rs, 204);
	return OK;
}
