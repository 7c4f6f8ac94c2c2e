/* admin_provider - upstream accounts, for administrators. */
#include "io/rules.h"
#include "io/schema.h"
#include "service/provider.h"
#include "web/route.h"

static const struct field provider_fields[] = {
    FIELD(provider, name, TEXT, REQUIRED),
    FIELD(provider, dialect, TEXT, REQUIRED, .doc = "Its descriptor."),
    FIELD(provider, enabled, BOOL, REQUIRED),
    FIELD(provider, state, ENUM, REQUIRED, .names = provider_states),
    FIELD(provider, balance, MONEY, REQUIRED,
	.doc = "In its currency; see balance_known."),
    FIELD(provider, balance_known, BOOL, REQUIRED),
    FIELD(provider, currency, TEXT, REQUIRED),
    FIELD(provider, offers, INT, REQUIRED, .doc = "In stock."),
    FIELD(provider, last_ok_at, TIME, OPTIONAL, .nullable = true),
    FIELD(provider, last_error, TEXT, OPTIONAL, .nullable = true),
};
static SCHEMA(provider);

/* GET /admin/providers */
SCHEMA_EMPTY(admin_provider_list_in);

enum err
admin_provider_list(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(provider_list(c, &list));
	response_list(c, rs, &provider_schema, list.at, list.n, NULL);
	return OK;
}

/* PATCH /admin/providers/{name} */
struct admin_provider_set_in {
	const char *name;
	bool enabled;
};
static const struct field admin_provider_set_in_fields[] = {
    FIELD(admin_provider_set_in, name, TEXT, REQUIRED, .from = FROM_PATH,
	.lo = 1, .hi = 32, .check = is_slug),
    FIELD(admin_provider_set_in, enabled, BOOL, REQUIRED),
};
SCHEMA(admin_provider_set_in);

enum err
admin_provider_set(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_provider_set_in *in = rq->in;
	struct provider p = {0};

	TRY(provider_switch(c, in->name, in->enabled, &p));
	response_json(c, rs, 200, &provider_schema, &p);
	return OK;
}
