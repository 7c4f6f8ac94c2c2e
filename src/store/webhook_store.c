#include "store/webhook_store.h"

#include "io/db.h"
#include "store/activation_store.h"
#include "store/status.h"

static const struct field endpoint_row_fields[] = {
    FIELD(endpoint_row, id, ID, REQUIRED),
    FIELD(endpoint_row, url, TEXT, REQUIRED),
    FIELD(endpoint_row, enabled, BOOL, REQUIRED),
    FIELD(endpoint_row, created_at, TIME, REQUIRED),
};
static SCHEMA(endpoint_row);

static const struct field delivery_row_fields[] = {
    FIELD(delivery_row, id, ID, REQUIRED),
    FIELD(delivery_row, token, ID, REQUIRED),
    FIELD(delivery_row, tries, INT, REQUIRED),
    FIELD(delivery_row, kind, TEXT, REQUIRED),
    FIELD(delivery_row, created_at, TIME, REQUIRED),
    FIELD(delivery_row, endpoint_id, ID, REQUIRED),
    FIELD(delivery_row, url, TEXT, REQUIRED),
    FIELD(delivery_row, secret, TEXT, REQUIRED, .secret = true),
    FIELD(delivery_row, user_id, INT, REQUIRED),
    FIELD(delivery_row, activation_id, ID, REQUIRED),
    FIELD(delivery_row, number, INT, REQUIRED),
    FIELD(delivery_row, service, TEXT, REQUIRED),
    FIELD(delivery_row, country, TEXT, REQUIRED),
    FIELD(delivery_row, operator, TEXT, REQUIRED),
    FIELD(delivery_row, phone, TEXT, OPTIONAL, .secret = true),
    FIELD(delivery_row, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(delivery_row, price, MONEY, REQUIRED),
    FIELD(delivery_row, charged, MONEY, REQUIRED),
    FIELD(delivery_row, message_id, INT, OPTIONAL),
    FIELD(delivery_row, sender, TEXT, OPTIONAL, .secret = true),
    FIELD(delivery_row, text, TEXT, OPTIONAL, .secret = true),
    FIELD(delivery_row, code, TEXT, OPTIONAL, .secret = true),
    FIELD(delivery_row, received_at, TIME, OPTIONAL),
};
static SCHEMA(delivery_row);

enum err
webhook_store_list(struct ctx *c, int64_t user, struct list *out)
{
	return db_many(
	    c, endpoint_list, &endpoint_row_schema, out, P_I64(user));
}

enum err
webhook_store_add(struct ctx *c, const struct endpoint_new *e,
    struct endpoint_row *out, bool *added)
{
	return db_maybe(c, endpoint_add, &endpoint_row_schema, out, added,
	    P_TEXT(e->id), P_I64(e->user), P_TEXT(e->url),
	    P_BYTES(e->secret, e->secret_size), P_I64(e->most));
}

enum err
webhook_store_remove(struct ctx *c, const char *id, int64_t user)
{
	int64_t n;

	TRY(db_exec(c, endpoint_remove, &n, P_TEXT(id), P_I64(user)));
	if (n == 0)
		return fail(c, ERR_NOT_FOUND, "no endpoint %s", id);
	return OK;
}

enum err
webhook_store_claim(
    struct ctx *c, int batch, int64_t lease_ms, struct list *out)
{
	return db_many(c, deliveries_claim, &delivery_row_schema, out,
	    P_I64(batch), P_I64(lease_ms));
}

enum err
webhook_store_settle(struct ctx *c, const struct delivery_end *all, size_t n)
{
	struct number_row r;

	return db_one(c, deliveries_settle, &number_row_schema, &r,
	    P_TEXTS_OF(c, all, n, id), P_TEXTS_OF(c, all, n, token),
	    P_I64S_OF(c, all, n, http_status), P_TEXTS_OF(c, all, n, error),
	    P_I64S_OF(c, all, n, took_ms), P_I64S_OF(c, all, n, next_ms));
}

enum err
webhook_store_secret(struct ctx *c, const struct delivery_row *row,
    const unsigned char **out, size_t *n)
{
	return db_bytes(c, row->secret, out, n);
}
