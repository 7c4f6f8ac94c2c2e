/* admin_wallet - money in and out of a user's wallet, for administrators. */
#include <inttypes.h>

#include "base/arena.h"
#include "handler/once.h"
#include "io/schema.h"
#include "service/account.h"
#include "service/wallet.h"
#include "web/route.h"

#define AMOUNT_MAX INT64_C(1000000000000000) /* a billion */

struct movement {
	int64_t id;
	const char *user_id, *kind, *reason;
	int64_t amount;
};
static const struct field movement_fields[] = {
    FIELD(movement, id, INT, REQUIRED, .doc = "The transaction."),
    FIELD(movement, user_id, ID, REQUIRED),
    FIELD(movement, kind, TEXT, REQUIRED),
    FIELD(movement, amount, MONEY, REQUIRED),
    FIELD(movement, reason, TEXT, REQUIRED),
};
static SCHEMA(movement);

/*
 * The administrator's key makes it happen once, also when its answer was
 * not kept; all that is answered stands in the transfer.
 */
static enum err
move(struct ctx *c, const struct request *rq, struct response *rs,
    struct movement *m)
{
	struct wallet_change change = {.kind = m->kind,
	    .amount = m->amount,
	    .reason = m->reason,
	    .actor = arena_fmt(c->mem, "user:%" PRId64, c->user),
	    .key = arena_fmt(
		c->mem, "admin:%" PRId64 ":%s", c->user, rq->idem_key)};
	struct account a = {0};

	TRY(account_find_by_id(c, m->user_id, &a));
	change.user = a.user;
	TRY(wallet_change(c, &change, &m->id));
	response_json(c, rs, 201, &movement_schema, m);
	return OK;
}

/* POST /admin/users/{id}/adjustments */
struct admin_user_adjust_in {
	const char *id, *reason;
	int64_t amount;
};
static const struct field admin_user_adjust_in_fields[] = {
    FIELD(admin_user_adjust_in, id, ID, REQUIRED, .from = FROM_PATH),
    FIELD(admin_user_adjust_in, amount, MONEY, REQUIRED, .lo = -AMOUNT_MAX,
	.hi = AMOUNT_MAX, .doc = "Below 0 it is taken."),
    FIELD(admin_user_adjust_in, reason, TEXT, REQUIRED, .lo = 1, .hi = 200,
	.doc = "The user sees it."),
};
SCHEMA(admin_user_adjust_in);

static enum err
adjust(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_user_adjust_in *in = rq->in;
	struct movement m = {.user_id = in->id,
	    .kind = "adjust",
	    .amount = in->amount,
	    .reason = in->reason};

	return move(c, rq, rs, &m);
}

enum err
admin_user_adjust(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_user_adjust_in *in = rq->in;

	return once_run(c, rq, rs,
	    arena_fmt(
		c->mem, "%s\n%" PRId64 "\n%s", in->id, in->amount, in->reason),
	    adjust);
}

/* POST /admin/users/{id}/credits */
struct admin_user_credit_in {
	const char *id, *reason;
	int kind;
	int64_t amount;
};
static const char *const kinds[] = {"deposit", "bonus", NULL};
static const struct field admin_user_credit_in_fields[] = {
    FIELD(admin_user_credit_in, id, ID, REQUIRED, .from = FROM_PATH),
    FIELD(admin_user_credit_in, kind, ENUM, OPTIONAL, .names = kinds),
    FIELD(admin_user_credit_in, amount, MONEY, REQUIRED, .lo = 1,
	.hi = AMOUNT_MAX),
    FIELD(admin_user_credit_in, reason, TEXT, REQUIRED, .lo = 1, .hi = 200,
	.doc = "The user sees it."),
};
SCHEMA(admin_user_credit_in);

static enum err
credit(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_user_credit_in *in = rq->in;
	struct movement m = {.user_id = in->id,
	    .kind = kinds[in->kind],
	    .amount = in->amount,
	    .reason = in->reason};

	return move(c, rq, rs, &m);
}

enum err
admin_user_credit(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_user_credit_in *in = rq->in;

	return once_run(c, rq, rs,
	    arena_fmt(c->mem, "%s\n%s\n%" PRId64 "\n%s", in->id,
		kinds[in->kind], in->amount, in->reason),
	    credit);
}
