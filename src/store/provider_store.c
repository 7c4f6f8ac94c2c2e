#include "store/provider_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field provider_row_fields[] = {
    FIELD(provider_row, id, INT, REQUIRED),
    FIELD(provider_row, name, TEXT, REQUIRED),
    FIELD(provider_row, dialect, TEXT, REQUIRED),
    FIELD(provider_row, settings, TEXT, REQUIRED),
    FIELD(provider_row, secret, TEXT, OPTIONAL, .secret = true),
    FIELD(provider_row, currency, TEXT, REQUIRED),
    FIELD(provider_row, fx_rate, MONEY, REQUIRED),
    FIELD(provider_row, priority, INT, REQUIRED),
    FIELD(provider_row, admin_weight, INT, REQUIRED),
    FIELD(provider_row, enabled, BOOL, REQUIRED),
    FIELD(provider_row, state, TEXT, REQUIRED),
    FIELD(provider_row, balance, MONEY, REQUIRED),
    FIELD(provider_row, last_ok_at, TIME, OPTIONAL),
    FIELD(provider_row, last_error, TEXT, OPTIONAL),
    FIELD(provider_row, version, INT, REQUIRED),
    FIELD(provider_row, offers, INT, REQUIRED),
};
static SCHEMA(provider_row);

enum err
provider_store_list(struct ctx *c, struct list *out)
{
	return db_many(c, provider_list, &provider_row_schema, out);
}

enum err
provider_store_find(struct ctx *c, const char *name, struct provider_row *out)
{
	return db_one(
	    c, provider_by_name, &provider_row_schema, out, P_TEXT(name));
}

enum err
provider_store_secret(struct ctx *c, const struct provider_row *p,
    const unsigned char **out, size_t *n)
{
	*out = NULL;
	*n = 0;
	if (p->secret == NULL)
		return OK;
	return db_bytes(c, p->secret, out, n);
}

enum err
provider_store_version(struct ctx *c, int64_t *out)
{
	struct number_row r = {0};

	TRY(db_one(c, provider_version, &number_row_schema, &r));
	*out = r.n;
	return OK;
}

enum err
provider_store_put(struct ctx *c, const struct provider_new *p, int64_t *id)
{
	struct number_row r = {0};

	TRY(db_one(c, provider_put, &number_row_schema, &r, P_TEXT(p->name),
	    P_TEXT(p->dialect), P_TEXT(p->settings),
	    p->secret == NULL ? P_NULL : P_BYTES(p->secret, p->secret_size),
	    P_TEXT(p->currency), P_I64(p->fx_rate), P_I64(p->priority),
	    P_BOOL(p->enabled)));
	*id = r.n;
	return OK;
}

static enum err
set_enabled(struct ctx *c, const char *name, bool enabled)
{
	int64_t n;

	TRY(db_exec(
	    c, provider_set_enabled, &n, P_TEXT(name), P_BOOL(enabled)));
	if (n == 0)
		return fail(c, ERR_NOT_FOUND, "no provider %s", name);
	return OK;
}

enum err
provider_store_enable(struct ctx *c, const char *name)
{
	return set_enabled(c, name, true);
}

enum err
provider_store_disable(struct ctx *c, const char *name)
{
	return set_enabled(c, name, false);
}

enum err
provider_store_up(struct ctx *c, int64_t id, int64_t balance)
{
	return db_exec(c, provider_set_up, NULL, P_I64(id),
	    balance == INT64_MAX ? P_NULL : P_I64(balance));
}

enum err
provider_store_down(
    struct ctx *c, int64_t id, const char *state, const char *why)
{
	return db_exec(
	    c, provider_set_down, NULL, P_I64(id), P_TEXT(state), P_TEXT(why));
}

enum err
provider_store_offers(struct ctx *c, int64_t id, const struct price_line *lines,
    size_t n, enum price_list part, int64_t *written)
{
	struct number_row r = {0};

	TRY(db_one(c, provider_offers_take, &number_row_schema, &r, P_I64(id),
	    P_TEXTS_OF(c, lines, n, service), P_TEXTS_OF(c, lines, n, country),
	    P_TEXTS_OF(c, lines, n, operator), P_I64S_OF(c, lines, n, cost),
	    P_I64S_OF(c, lines, n, stock), P_I64S_OF(c, lines, n, rate),
	    P_BOOL(part == PRICE_LIST_WHOLE)));
	*written = r.n;
	return OK;
}

enum err
provider_store_latencies(
    struct ctx *c, const struct offer_latency *all, size_t n)
{
	return db_exec(c, provider_latency_add, NULL,
	    P_I64S_OF(c, all, n, offer_id), P_I64S_OF(c, all, n, us));
}

struct counted_row {
	int64_t counted;
	bool more;
};
static const struct field counted_row_fields[] = {
    FIELD(counted_row, counted, INT, REQUIRED),
    FIELD(counted_row, more, BOOL, REQUIRED),
};
static SCHEMA(counted_row);

enum err
provider_store_rates(
    struct ctx *c, const struct rate_rule *rule, int64_t *counted, bool *more)
{
	struct counted_row r = {0};

	TRY(db_one(c, provider_rates_count, &counted_row_schema, &r,
	    P_I64(rule->half), P_I64(rule->patience), P_I64(rule->lag)));
	*counted = r.counted;
	*more = r.more;
	return OK;
}

static const struct field native_row_fields[] = {
    FIELD(native_row, native, TEXT, REQUIRED),
};
static SCHEMA(native_row);

enum err
provider_store_countries(struct ctx *c, int64_t id, struct list *out)
{
	return db_many(
	    c, provider_countries, &native_row_schema, out, P_I64(id));
}
