#include "store/idempotency_store.h"

#include "base/text.h"
#include "io/db.h"
#include "store/status.h"

static const struct field idempotency_row_fields[] = {
    FIELD(idempotency_row, key, TEXT, REQUIRED),
    FIELD(idempotency_row, fingerprint, TEXT, REQUIRED),
    FIELD(idempotency_row, activation_id, ID, OPTIONAL),
    FIELD(idempotency_row, status, INT, OPTIONAL),
    FIELD(idempotency_row, response, TEXT, OPTIONAL),
};
static SCHEMA(idempotency_row);

enum err
idempotency_store_find(struct ctx *c, int64_t user, const char *key,
    struct idempotency_row *out, bool *found)
{
	return db_maybe(c, idempotency_by_key, &idempotency_row_schema, out,
	    found, P_I64(user), P_TEXT(key));
}

enum err
idempotency_store_finish(
    struct ctx *c, const struct idempotency_answer *a, bool *stored)
{
	struct status_row r = {0};
	enum err e;

	TRY(db_one(c, idempotency_finish, &status_row_schema, &r,
	    P_I64(a->user), P_TEXT(a->key), P_TEXT(a->fingerprint),
	    P_TEXT(a->activation_id), P_I64(a->status), P_TEXT(a->response)));
	e = status_err(r.status);
	if (e != OK)
		return fail(
		    c, e, "key %s of user %lld", a->key, (long long)a->user);
	*stored = text_eq(r.status, "ok");
	return OK;
}
