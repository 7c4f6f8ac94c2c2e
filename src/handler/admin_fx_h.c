/* admin_fx - exchange rates, for administrators. */
#include <inttypes.h>

#include "base/arena.h"
#include "io/rules.h"
#include "io/schema.h"
#include "service/fx.h"
#include "web/route.h"

#define RATE_MAX INT64_C(1000000000000) /* a million for one */

static const struct field fx_row_fields[] = {
    FIELD(fx_row, currency, TEXT, REQUIRED, .doc = "ISO 4217."),
    FIELD(fx_row, rate, MONEY, OPTIONAL, .nullable = true,
	.doc = "The wallets' money for one of it; null: never given."),
    FIELD(fx_row, valid_from, TIME, OPTIONAL, .nullable = true),
    FIELD(fx_row, actor, TEXT, REQUIRED),
    FIELD(fx_row, reason, TEXT, REQUIRED),
};
static SCHEMA(fx_row);

/* GET /admin/fx */
SCHEMA_EMPTY(admin_fx_list_in);

enum err
admin_fx_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(fx_list(c, &list));
	response_list(c, rs, &fx_row_schema, list.at, list.n, NULL);
	return OK;
}

/* GET /admin/fx/{currency} */
struct admin_fx_history_in {
	const char *currency;
};
static const struct field admin_fx_history_in_fields[] = {
    FIELD(admin_fx_history_in, currency, TEXT, REQUIRED, .from = FROM_PATH,
	.lo = 3, .hi = 3),
};
SCHEMA(admin_fx_history_in);

enum err
admin_fx_history(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_fx_history_in *in = rq->in;
	struct list list = {0};

	TRY(fx_history(c, in->currency, &list));
	response_list(c, rs, &fx_row_schema, list.at, list.n, NULL);
	return OK;
}

/* PUT /admin/fx/{currency} */
struct admin_fx_set_in {
	const char *currency, *reason;
	int64_t rate;
};
static const struct field admin_fx_set_in_fields[] = {
    FIELD(admin_fx_set_in, currency, TEXT, REQUIRED, .from = FROM_PATH, .lo = 3,
	.hi = 3, .check = is_currency_code),
    FIELD(admin_fx_set_in, rate, MONEY, REQUIRED, .lo = 1, .hi = RATE_MAX),
    FIELD(admin_fx_set_in, reason, TEXT, REQUIRED, .lo = 1, .hi = 200),
};
SCHEMA(admin_fx_set_in);

enum err
admin_fx_set(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_fx_set_in *in = rq->in;
	struct fx_row row = {.currency = in->currency,
	    .rate = in->rate,
	    .actor = arena_fmt(c->mem, "user:%" PRId64, c->user),
	    .reason = in->reason};

	TRY(fx_set(c, &row));
	response_empty(rs, 204);
	return OK;
}
