#include "store/provider_store.h"

#include "io/db.h"

static const struct field provider_row_fields[] = {
    FIELD(provider_row, id, INT, REQUIRED),
    FIELD(provider_row, name, TEXT, REQUIRED),
    FIELD(provider_row, dialect, TEXT, REQUIRED),
    FIELD(provider_row, settings, TEXT, REQUIRED),
    FIELD(provider_row, secret, TEXT, OPTIONAL, .secret = true),
    FIELD(provider_row, currency, TEXT, REQUIRED),
    FIELD(provider_row, fx_rate, INT, REQUIRED),
    FIELD(provider_row, priority, INT, REQUIRED),
    FIELD(provider_row, admin_weight, INT, REQUIRED),
    FIELD(provider_row, enabled, BOOL, REQUIRED),
    FIELD(provider_row, state, TEXT, REQUIRED),
    FIELD(provider_row, balance, MONEY, OPTIONAL),
    FIELD(provider_row, last_ok_at, TIME, OPTIONAL),
    FIELD(provider_row, last_error, TEXT, OPTIONAL),
    FIELD(provider_row, version, INT, REQUIRED),
    FIELD(provider_row, offers, INT, REQUIRED),
};
static SCHEMA(provider_row);

struct provider_number {
	int64_t n;
};
static const struct field provider_number_fields[] = {
    FIELD(provider_number, n, INT, REQUIRED),
};
static SCHEMA(provider_number);

enum err
provider_store_list(struct ctx *c, struct list *rows)
{
	return db_many(c, provider_list, &provider_row_schema, rows);
}

enum err
provider_store_find(struct ctx *c, const char *name, struct provider_row *out)
{
	return db_one(
	    c, provider_by_name, &provider_row_schema, out, P_TEXT(name));
}

enum err
provider_store_version(struct ctx *c, int64_t *out)
{
	struct provider_number number = {0};

	TRY(db_one(c, provider_version, &provider_number_schema, &number));
	*out = number.n;
	return OK;
}

enum err
provider_store_secret(struct ctx *c, const struct provider_row *row,
    const unsigned char **at, size_t *size)
{
	return db_bytes(c, row->secret, at, size);
}

enum err
provider_store_put(
    struct ctx *c, const struct provider_new *p, int64_t *id_out)
{
	struct provider_number number = {0};

	TRY(db_one(c, provider_put, &provider_number_schema, &number,
	    P_TEXT(p->name), P_TEXT(p->dialect), P_TEXT(p->settings),
	    p->secret != NULL ? P_BYTES(p->secret, p->secret_size) : P_NULL,
	    P_TEXT(p->currency), P_I64(p->fx_rate), P_I64(p->priority),
	    P_BOOL(p->enabled)));
	*id_out = number.n;
	return OK;
}

enum err
provider_store_set_enabled(struct ctx *c, const char *name, bool enabled)
{
	int64_t n = 0;

	TRY(db_exec(c, provider_set_enabled, &n, P_TEXT(name),
	    P_BOOL(enabled)));
	if (n == 0)
		return fail(c, ERR_NOT_FOUND, "provider %s", name);
	return OK;
}

enum err
provider_store_set_up(struct ctx *c, int64_t id, int64_t balance)
{
	return db_exec(c, provider_set_up, NULL, P_I64(id),
	    balance >= 0 ? P_I64(balance) : P_NULL);
}

enum err
provider_store_set_down(
    struct ctx *c, int64_t id, const char *state, const char *why)
{
	return db_exec(c, provider_set_down, NULL, P_I64(id), P_TEXT(state),
	    P_TEXT(why));
}

enum err
provider_store_put_prices(struct ctx *c, int64_t id,
    const struct provider_price *all, size_t n, bool whole, int64_t *written)
{
	struct provider_number number = {0};

	TRY(db_one(c, provider_offers_put, &provider_number_schema, &number,
	    P_I64(id), P_TEXTS_OF(c, all, n, service),
	    P_TEXTS_OF(c, all, n, country), P_TEXTS_OF(c, all, n, operator),
	    P_I64S_OF(c, all, n, cost), P_I64S_OF(c, all, n, stock),
	    P_BOOL(whole)));
	*written = number.n;
	return OK;
}
