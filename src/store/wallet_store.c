#include "store/wallet_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field wallet_row_fields[] = {
    FIELD(wallet_row, user_id, INT, REQUIRED),
    FIELD(wallet_row, available, MONEY, REQUIRED),
    FIELD(wallet_row, bonus, MONEY, REQUIRED),
    FIELD(wallet_row, held, MONEY, REQUIRED),
    FIELD(wallet_row, open_holds, INT, REQUIRED),
};
static SCHEMA(wallet_row);

static const struct field wallet_credited_fields[] = {
    FIELD(wallet_credited, status, TEXT, REQUIRED),
    FIELD(wallet_credited, transfer_id, INT, REQUIRED),
    FIELD(wallet_credited, available, MONEY, REQUIRED),
    FIELD(wallet_credited, held, MONEY, REQUIRED),
};
static SCHEMA(wallet_credited);

static const struct field wallet_transfer_fields[] = {
    FIELD(wallet_transfer, id, INT, REQUIRED),
    FIELD(wallet_transfer, kind, TEXT, REQUIRED),
    FIELD(wallet_transfer, change, MONEY, REQUIRED),
    FIELD(wallet_transfer, held, MONEY, REQUIRED),
    FIELD(wallet_transfer, is_bonus, BOOL, REQUIRED),
    FIELD(wallet_transfer, activation_id, ID, OPTIONAL),
    FIELD(wallet_transfer, actor, TEXT, REQUIRED),
    FIELD(wallet_transfer, reason, TEXT, REQUIRED),
    FIELD(wallet_transfer, created_at, TIME, REQUIRED),
    FIELD(wallet_transfer, balance, MONEY, REQUIRED),
};
static SCHEMA(wallet_transfer);

static const struct field statement_range_fields[] = {
    FIELD(statement_range, after, INT, REQUIRED),
    FIELD(statement_range, last, INT, REQUIRED),
    FIELD(statement_range, balance, MONEY, REQUIRED),
};
static SCHEMA(statement_range);

enum err
wallet_store_find(struct ctx *c, int64_t user, struct wallet_row *out)
{
	return db_one(c, wallet_by_user, &wallet_row_schema, out, P_I64(user));
}

enum err
wallet_store_credit(
    struct ctx *c, const struct wallet_credit *in, struct wallet_credited *out)
{
	enum err e;

	TRY(db_one(c, wallet_credit, &wallet_credited_schema, out,
	    P_I64(in->user), P_TEXT(in->kind), P_I64(in->amount),
	    P_TEXT(in->actor), P_TEXT(in->reason), P_TEXT(in->key)));
	e = status_err(out->status);
	if (e != OK)
		return fail(c, e, "credit of user %lld: %s",
		    (long long)in->user, out->status);
	return OK;
}

enum err
wallet_store_list(
    struct ctx *c, const struct wallet_filter *f, struct list *out)
{
	return db_many(c, wallet_transfers, &wallet_transfer_schema, out,
	    P_I64(f->user), P_I64(f->before), P_TEXT(f->kind), P_TIME(f->from),
	    P_TIME(f->to), P_I64(f->limit));
}

enum err
wallet_store_range(struct ctx *c, int64_t user, int64_t from, int64_t to,
    struct statement_range *out)
{
	return db_one(c, statement_range, &statement_range_schema, out,
	    P_I64(user), P_TIME(from), P_TIME(to));
}

enum err
wallet_store_page(struct ctx *c, int64_t user,
    const struct statement_range *range, int limit, struct list *out)
{
	return db_many(c, statement_page, &wallet_transfer_schema, out,
	    P_I64(user), P_I64(range->after), P_I64(range->last), P_I64(limit));
}
