#include "store/catalogue_store.h"

#include <inttypes.h>

#include "base/arena.h"
#include "io/db.h"

static const struct field service_row_fields[] = {
    FIELD(service_row, code, TEXT, REQUIRED),
    FIELD(service_row, name, TEXT, REQUIRED),
    FIELD(service_row, category, TEXT, REQUIRED),
    FIELD(service_row, is_allowed, BOOL, REQUIRED),
    FIELD(service_row, enabled, BOOL, REQUIRED),
    FIELD(service_row, handler_api, TEXT, OPTIONAL),
    FIELD(service_row, fivesim, TEXT, OPTIONAL),
};
static SCHEMA(service_row);

static const struct field country_row_fields[] = {
    FIELD(country_row, code, TEXT, REQUIRED),
    FIELD(country_row, name, TEXT, REQUIRED),
    FIELD(country_row, dial, TEXT, REQUIRED),
    FIELD(country_row, enabled, BOOL, REQUIRED),
    FIELD(country_row, handler_api, INT, REQUIRED),
    FIELD(country_row, fivesim, TEXT, OPTIONAL),
};
static SCHEMA(country_row);

static const struct field offer_row_fields[] = {
    FIELD(offer_row, service, TEXT, REQUIRED),
    FIELD(offer_row, country, TEXT, REQUIRED),
    FIELD(offer_row, operator, TEXT, REQUIRED),
    FIELD(offer_row, price, MONEY, REQUIRED),
    FIELD(offer_row, stock, INT, REQUIRED),
    FIELD(offer_row, seen_at, TIME, REQUIRED),
};
static SCHEMA(offer_row);

static const struct field candidate_row_fields[] = {
    FIELD(candidate_row, offer_id, INT, REQUIRED),
    FIELD(candidate_row, provider_id, INT, REQUIRED),
    FIELD(candidate_row, provider, TEXT, REQUIRED),
    FIELD(candidate_row, dialect, TEXT, REQUIRED),
    FIELD(candidate_row, enabled, BOOL, REQUIRED),
    FIELD(candidate_row, state, TEXT, REQUIRED),
    FIELD(candidate_row, balance, MONEY, REQUIRED),
    FIELD(candidate_row, currency, TEXT, REQUIRED),
    FIELD(candidate_row, fx_rate, MONEY, REQUIRED),
    FIELD(candidate_row, fx_at, TIME, OPTIONAL),
    FIELD(candidate_row, priority, INT, REQUIRED),
    FIELD(candidate_row, admin_weight, INT, REQUIRED),
    FIELD(candidate_row, service, TEXT, REQUIRED),
    FIELD(candidate_row, country, TEXT, REQUIRED),
    FIELD(candidate_row, operator, TEXT, REQUIRED),
    FIELD(candidate_row, native_service, TEXT, REQUIRED),
    FIELD(candidate_row, native_country, TEXT, REQUIRED),
    FIELD(candidate_row, native_cost, MONEY, REQUIRED),
    FIELD(candidate_row, cost, MONEY, REQUIRED),
    FIELD(candidate_row, price, MONEY, OPTIONAL),
    FIELD(candidate_row, floor, MONEY, OPTIONAL),
    FIELD(candidate_row, rule_id, INT, OPTIONAL),
    FIELD(candidate_row, stock, INT, REQUIRED),
    FIELD(candidate_row, seen_at, TIME, REQUIRED),
    FIELD(candidate_row, ended, INT, REQUIRED),
    FIELD(candidate_row, delivered, INT, REQUIRED),
    FIELD(candidate_row, published_rate, INT, REQUIRED),
    FIELD(candidate_row, latency_us, INT, REQUIRED),
};
static SCHEMA(candidate_row);

struct version_row {
	int64_t offers_at;
	int64_t providers;
};
static const struct field version_row_fields[] = {
    FIELD(version_row, offers_at, TIME, REQUIRED),
    FIELD(version_row, providers, INT, REQUIRED),
};
static SCHEMA(version_row);

struct setting_row {
	const char *value;
};
static const struct field setting_row_fields[] = {
    FIELD(setting_row, value, TEXT, REQUIRED),
};
static SCHEMA(setting_row);

enum err
catalogue_store_services(struct ctx *c, struct list *out)
{
	return db_many(c, catalogue_services, &service_row_schema, out);
}

enum err
catalogue_store_countries(struct ctx *c, struct list *out)
{
	return db_many(c, catalogue_countries, &country_row_schema, out);
}

enum err
catalogue_store_service(
    struct ctx *c, const char *code, struct service_row *out)
{
	bool found;

	TRY(db_maybe(c, catalogue_service, &service_row_schema, out, &found,
	    P_TEXT(code)));
	if (!found)
		return fail(c, ERR_UNKNOWN_SERVICE, "no service %s", code);
	return OK;
}

enum err
catalogue_store_country(
    struct ctx *c, const char *code, struct country_row *out)
{
	bool found;

	TRY(db_maybe(c, catalogue_country, &country_row_schema, out, &found,
	    P_TEXT(code)));
	if (!found)
		return fail(c, ERR_UNKNOWN_COUNTRY, "no country %s", code);
	return OK;
}

enum err
catalogue_store_offers(
    struct ctx *c, const char *service, const char *country, struct list *out)
{
	return db_many(c, catalogue_offers, &offer_row_schema, out,
	    P_TEXT(service), P_TEXT(country));
}

enum err
catalogue_store_candidates(struct ctx *c, const char *const *services,
    const char *const *countries, size_t n, struct list *out)
{
	return db_many(c, catalogue_candidates, &candidate_row_schema, out,
	    P_TEXTS(services, n), P_TEXTS(countries, n));
}

enum err
catalogue_store_version(struct ctx *c, const char **out)
{
	struct version_row r = {0};

	TRY(db_one(c, catalogue_version, &version_row_schema, &r));
	*out =
	    arena_fmt(c->mem, "%" PRId64 ".%" PRId64, r.providers, r.offers_at);
	return OK;
}

enum err
catalogue_store_setting(struct ctx *c, const char *key, const char **out)
{
	struct setting_row r = {0};
	bool found;

	TRY(db_maybe(
	    c, setting_by_key, &setting_row_schema, &r, &found, P_TEXT(key)));
	*out = found ? r.value : NULL;
	return OK;
}
