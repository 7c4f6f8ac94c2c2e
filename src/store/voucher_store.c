#include "store/voucher_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field redeemed_fields[] = {
    FIELD(redeemed, status, TEXT, REQUIRED),
    FIELD(redeemed, transaction_id, INT, REQUIRED),
    FIELD(redeemed, kind, TEXT, OPTIONAL),
    FIELD(redeemed, amount, MONEY, REQUIRED),
    FIELD(redeemed, redeemed_at, TIME, OPTIONAL),
};
static SCHEMA(redeemed);

static const struct field voucher_row_fields[] = {
    FIELD(voucher_row, id, INT, REQUIRED),
    FIELD(voucher_row, hint, TEXT, REQUIRED),
    FIELD(voucher_row, batch, TEXT, REQUIRED),
    FIELD(voucher_row, kind, TEXT, REQUIRED),
    FIELD(voucher_row, amount, MONEY, REQUIRED),
    FIELD(voucher_row, state, TEXT, REQUIRED),
    FIELD(voucher_row, expires_at, TIME, OPTIONAL),
    FIELD(voucher_row, created_at, TIME, REQUIRED),
    FIELD(voucher_row, created_by, TEXT, REQUIRED),
    FIELD(voucher_row, reason, TEXT, REQUIRED),
    FIELD(voucher_row, redeemed_at, TIME, OPTIONAL),
    FIELD(voucher_row, redeemed_by, ID, OPTIONAL),
    FIELD(voucher_row, revoked_at, TIME, OPTIONAL),
    FIELD(voucher_row, revoked_by, TEXT, OPTIONAL),
};
static SCHEMA(voucher_row);

enum err
voucher_store_make(struct ctx *c, const struct voucher_set *set,
    const struct voucher_code_row *codes, size_t n)
{
	struct status_row r = {0};
	enum err e;

	TRY(db_one(c, voucher_make, &status_row_schema, &r,
	    P_TEXTS_OF(c, codes, n, hash), P_TEXTS_OF(c, codes, n, hint),
	    P_TEXT(set->kind), P_I64(set->amount), P_TIME(set->expires_at),
	    P_TEXT(set->batch), P_TEXT(set->actor), P_TEXT(set->reason)));
	e = status_err(r.status);
	return e == OK ? OK : fail(c, e, "vouchers: %s", r.status);
}

enum err
voucher_store_redeem(struct ctx *c, int64_t user, const char *hash,
    const char *key, struct redeemed *out)
{
	enum err e;

	TRY(db_one(c, voucher_redeem, &redeemed_schema, out, P_I64(user),
	    P_TEXT(hash), P_TEXT(key)));
	e = status_err(out->status);
	return e == OK ? OK : fail(c, e, "voucher: %s", out->status);
}

enum err
voucher_store_revoke(struct ctx *c, int64_t id, const char *actor)
{
	struct status_row r = {0};
	enum err e;

	TRY(db_one(c, voucher_revoke, &status_row_schema, &r, P_I64(id),
	    P_TEXT(actor)));
	e = status_err(r.status);
	return e == OK ?
	    OK :
	    fail(c, e, "voucher %lld: %s", (long long)id, r.status);
}

enum err
voucher_store_list(
    struct ctx *c, const struct voucher_filter *f, struct list *out)
{
	return db_many(c, voucher_list, &voucher_row_schema, out,
	    P_I64(f->before), P_TEXT(f->batch), P_TEXT(f->state),
	    P_I64(f->limit));
}
