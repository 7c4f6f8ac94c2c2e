#include "store/compat_store.h"

#include "io/db.h"

static const struct field compat_place_fields[] = {
    FIELD(compat_place, service, TEXT, OPTIONAL),
    FIELD(compat_place, country, TEXT, OPTIONAL),
};
static SCHEMA(compat_place);

static const struct field compat_price_fields[] = {
    FIELD(compat_price, country, INT, REQUIRED),
    FIELD(compat_price, service, TEXT, REQUIRED),
    FIELD(compat_price, price, MONEY, REQUIRED),
    FIELD(compat_price, stock, INT, REQUIRED),
};
static SCHEMA(compat_price);

static const struct field compat_active_fields[] = {
    FIELD(compat_active, number, INT, REQUIRED),
    FIELD(compat_active, service, TEXT, REQUIRED),
    FIELD(compat_active, country, INT, REQUIRED),
    FIELD(compat_active, country_name, TEXT, REQUIRED),
    FIELD(compat_active, phone, TEXT, REQUIRED),
    FIELD(compat_active, price, MONEY, REQUIRED),
    FIELD(compat_active, awaits_more, BOOL, REQUIRED),
    FIELD(compat_active, created_at, TIME, REQUIRED),
    FIELD(compat_active, text, TEXT, OPTIONAL),
    FIELD(compat_active, code, TEXT, OPTIONAL),
};
static SCHEMA(compat_active);

enum err
compat_store_place(struct ctx *c, const char *service, int64_t country,
    struct compat_place *out)
{
	return db_one(c, compat_place, &compat_place_schema, out,
	    P_TEXT(service), P_I64(country));
}

enum err
compat_store_prices(struct ctx *c, const char *service, int64_t country,
    const char *operator, struct list * out)
{
	return db_many(c, compat_prices, &compat_price_schema, out,
	    P_TEXT(service), P_I64(country), P_TEXT(operator));
}

enum err
compat_store_active(
    struct ctx *c, int64_t user, int64_t start, int64_t limit, struct list *out)
{
	return db_many(c, compat_active, &compat_active_schema, out,
	    P_I64(user), P_I64(start), P_I64(limit));
}
