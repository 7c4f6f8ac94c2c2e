/* wallet - what the acting user has, what became of it, and vouchers. */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "handler/once.h"
#include "io/schema.h"
#include "service/account.h"
#include "service/statement.h"
#include "service/voucher.h"
#include "service/wallet.h"
#include "web/route.h"

#define LIST_MAX     200
#define LIST_DEFAULT 50

static const struct field wallet_fields[] = {
    FIELD(wallet, currency, TEXT, REQUIRED, .doc = "ISO 4217."),
    FIELD(wallet, available, MONEY, REQUIRED,
	.doc = "All that can be spent, the bonus included."),
    FIELD(wallet, bonus, MONEY, REQUIRED,
	.doc = "The part of it that was given."),
    FIELD(wallet, held, MONEY, REQUIRED, .doc = "Set aside for open numbers."),
};
static SCHEMA(wallet);

/* GET /wallet */
SCHEMA_EMPTY(wallet_show_in);

static enum err
show(struct ctx *c, struct response *rs, int64_t user)
{
	struct wallet w;

	TRY(wallet_find(c, user, &w));
	response_json(c, rs, 200, &wallet_schema, &w);
	return OK;
}

enum err
wallet_show(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)rq;
	return show(c, rs, c->user);
}

/* GET /admin/users/{id}/wallet */
struct admin_user_wallet_in {
	const char *id;
};
static const struct field admin_user_wallet_in_fields[] = {
    FIELD(admin_user_wallet_in, id, ID, REQUIRED, .from = FROM_PATH),
};
SCHEMA(admin_user_wallet_in);

enum err
admin_user_wallet(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_user_wallet_in *in = rq->in;
	struct account a = {0};

	TRY(account_find_by_id(c, in->id, &a));
	return show(c, rs, a.user);
}

/* GET /wallet/transactions */
struct transaction {
	int64_t id;
	const char *kind;
	int64_t amount, held, balance;
	bool bonus;
	const char *number_id, *reason;
	int64_t created_at;
};
static const struct field transaction_fields[] = {
    FIELD(transaction, id, INT, REQUIRED),
    FIELD(transaction, kind, TEXT, REQUIRED),
    FIELD(transaction, amount, MONEY, REQUIRED,
	.doc = "Change of what is available."),
    FIELD(transaction, held, MONEY, REQUIRED,
	.doc = "Change of what is set aside."),
    FIELD(transaction, balance, MONEY, REQUIRED,
	.doc = "What was available afterwards."),
    FIELD(transaction, bonus, BOOL, REQUIRED, .doc = "Money that was given."),
    FIELD(transaction, number_id, ID, OPTIONAL, .nullable = true),
    FIELD(transaction, reason, TEXT, REQUIRED),
    FIELD(transaction, created_at, TIME, REQUIRED),
};
static SCHEMA(transaction);

struct wallet_transactions_in {
	int kind;
	int64_t from, to, cursor, limit;
};
static const struct field wallet_transactions_in_fields[] = {
    FIELD(wallet_transactions_in, kind, ENUM, OPTIONAL, .from = FROM_QUERY,
	.names = wallet_kinds),
    FIELD(wallet_transactions_in, from, TIME, OPTIONAL, .from = FROM_QUERY),
    FIELD(wallet_transactions_in, to, TIME, OPTIONAL, .from = FROM_QUERY,
	.doc = "Before this."),
    FIELD(wallet_transactions_in, cursor, INT, OPTIONAL, .from = FROM_QUERY,
	.lo = 1, .hi = INT64_MAX),
    FIELD(wallet_transactions_in, limit, INT, OPTIONAL, .from = FROM_QUERY,
	.lo = 1, .hi = LIST_MAX, .def = LIST_DEFAULT),
};
SCHEMA(wallet_transactions_in);

static struct transaction
transaction_of(const struct wallet_transfer *t)
{
	return (struct transaction){.id = t->id,
	    .kind = t->kind,
	    .amount = t->change,
	    .held = t->held,
	    .balance = t->balance,
	    .bonus = t->is_bonus,
	    .number_id = t->activation_id,
	    .reason = t->reason,
	    .created_at = t->created_at};
}

enum err
wallet_transactions(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct wallet_transactions_in *in = rq->in;
	struct wallet_query q = {.user = c->user,
	    .kind = in->kind,
	    .from = in->from,
	    .to = in->to,
	    .before = in->cursor,
	    .limit = (int)in->limit};
	const struct wallet_transfer *rows;
	struct list list = {0};
	struct transaction *out;

	TRY(wallet_list(c, &q, &list));
	rows = list.at;
	out = arena_many(c->mem, struct transaction, list.n + 1);
	for (size_t i = 0; i < list.n; i++)
		out[i] = transaction_of(&rows[i]);
	response_list(c, rs, &transaction_schema, out, list.n,
	    list.n == (size_t)q.limit ?
		arena_fmt(c->mem, "%" PRId64, rows[list.n - 1].id) :
		NULL);
	return OK;
}

/* GET /wallet/statement */
struct wallet_statement_in {
	int64_t from, to;
};
static const struct field wallet_statement_in_fields[] = {
    FIELD(wallet_statement_in, from, TIME, OPTIONAL, .from = FROM_QUERY),
    FIELD(wallet_statement_in, to, TIME, OPTIONAL, .from = FROM_QUERY,
	.doc = "Before this."),
};
SCHEMA(wallet_statement_in);

static enum err
next_lines(struct ctx *c, void *statement, struct buf *out, bool *more)
{
	return statement_next(c, statement, out, more);
}

enum err
wallet_statement(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct wallet_statement_in *in = rq->in;
	struct statement *s = arena_one(c->mem, struct statement);

	TRY(statement_open(c, c->user, in->from, in->to, s));
	response_header(rs, "Content-Disposition",
	    "attachment; filename=\"statement.csv\"");
	response_stream(
	    rs, "text/csv; charset=utf-8; header=present", next_lines, s);
	return OK;
}

/* POST /wallet/redeem */
static const struct field redeemed_fields[] = {
    FIELD(redeemed, transaction_id, INT, REQUIRED),
    FIELD(redeemed, kind, TEXT, REQUIRED, .doc = "cash or bonus."),
    FIELD(redeemed, amount, MONEY, REQUIRED),
    FIELD(redeemed, redeemed_at, TIME, REQUIRED),
};
static SCHEMA(redeemed);

struct wallet_redeem_in {
	const char *code;
};
static const struct field wallet_redeem_in_fields[] = {
    FIELD(wallet_redeem_in, code, TEXT, REQUIRED, .lo = 1, .hi = 100,
	.secret = true),
};
SCHEMA(wallet_redeem_in);

static enum err
redeem(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct wallet_redeem_in *in = rq->in;
	struct redeemed r = {0};

	TRY(voucher_redeem(c, in->code, rq->idem_key, &r));
	response_json(c, rs, 200, &redeemed_schema, &r);
	return OK;
}

enum err
wallet_redeem(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct wallet_redeem_in *in = rq->in;

	return once_run(c, rq, rs, in->code, redeem);
}
