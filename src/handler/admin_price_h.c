/* admin_price - price rules, for administrators. */
#include <inttypes.h>

#include "base/arena.h"
#include "io/rules.h"
#include "io/schema.h"
#include "service/price.h"
#include "web/route.h"

#define AMOUNT_MAX  INT64_C(1000000000000000) /* a billion */
#define PERCENT_MAX INT64_C(10000000000)      /* 10000 % */

static const struct field price_rule_fields[] = {
    FIELD(price_rule, id, INT, REQUIRED),
    FIELD(price_rule, service, TEXT, OPTIONAL, .nullable = true,
	.doc = "null: any."),
    FIELD(price_rule, country, TEXT, OPTIONAL, .nullable = true),
    FIELD(price_rule, provider, TEXT, OPTIONAL, .nullable = true),
    FIELD(price_rule, priority, INT, REQUIRED),
    FIELD(price_rule, percent, MONEY, REQUIRED, .doc = "Mark-up on the cost."),
    FIELD(price_rule, fixed, MONEY, REQUIRED, .doc = "The least mark-up."),
    FIELD(price_rule, minimum, MONEY, REQUIRED, .doc = "The least price."),
    FIELD(price_rule, round_to, MONEY, REQUIRED),
    FIELD(price_rule, ending, MONEY, REQUIRED,
	.doc = "Prices are this above a multiple of round_to."),
    FIELD(price_rule, created_at, TIME, REQUIRED),
    FIELD(price_rule, created_by, TEXT, REQUIRED),
    FIELD(price_rule, reason, TEXT, REQUIRED),
    FIELD(price_rule, ended_at, TIME, OPTIONAL, .nullable = true),
    FIELD(price_rule, ended_by, TEXT, OPTIONAL, .nullable = true),
};
static SCHEMA(price_rule);

/* Who is written down as having done it. */
static const char *
actor_of(struct ctx *c)
{
	return arena_fmt(c->mem, "user:%" PRId64, c->user);
}

/* GET /admin/prices */
struct admin_price_list_in {
	bool all;
};
static const struct field admin_price_list_in_fields[] = {
    FIELD(admin_price_list_in, all, BOOL, OPTIONAL, .from = FROM_QUERY,
	.doc = "Also rules that have ended, the newest first."),
};
SCHEMA(admin_price_list_in);

enum err
admin_price_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_price_list_in *in = rq->in;
	struct list list = {0};

	TRY(price_list(
	    c, in->all ? PRICE_RULES_ALL : PRICE_RULES_IN_FORCE, &list));
	response_list(c, rs, &price_rule_schema, list.at, list.n, NULL);
	return OK;
}

/* POST /admin/prices */
struct admin_price_add_in {
	const char *service, *country, *provider, *reason;
	int64_t priority, percent, fixed, minimum, round_to, ending;
};
static const struct field admin_price_add_in_fields[] = {
    FIELD(admin_price_add_in, service, TEXT, OPTIONAL, .lo = 1, .hi = 32,
	.check = is_slug),
    FIELD(admin_price_add_in, country, TEXT, OPTIONAL, .lo = 2, .hi = 2,
	.check = is_country_code),
    FIELD(admin_price_add_in, provider, TEXT, OPTIONAL, .lo = 1, .hi = 32,
	.check = is_slug),
    FIELD(admin_price_add_in, reason, TEXT, OPTIONAL, .lo = 0, .hi = 200),
    FIELD(admin_price_add_in, priority, INT, OPTIONAL, .lo = -1000000,
	.hi = 1000000),
    FIELD(admin_price_add_in, percent, MONEY, REQUIRED, .lo = 0,
	.hi = PERCENT_MAX),
    FIELD(
	admin_price_add_in, fixed, MONEY, OPTIONAL, .lo = 0, .hi = AMOUNT_MAX),
    FIELD(admin_price_add_in, minimum, MONEY, OPTIONAL, .lo = 0,
	.hi = AMOUNT_MAX),
    FIELD(admin_price_add_in, round_to, MONEY, OPTIONAL, .lo = 1,
	.hi = AMOUNT_MAX),
    FIELD(
	admin_price_add_in, ending, MONEY, OPTIONAL, .lo = 0, .hi = AMOUNT_MAX),
};
SCHEMA(admin_price_add_in);

enum err
admin_price_add(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_price_add_in *in = rq->in;
	struct price_rule rule = {.service = in->service,
	    .country = in->country,
	    .provider = in->provider,
	    .priority = in->priority,
	    .percent = in->percent,
	    .fixed = in->fixed,
	    .minimum = in->minimum,
	    .round_to = in->round_to,
	    .ending = in->ending,
	    .created_by = actor_of(c),
	    .reason = in->reason};

	TRY(price_add(c, &rule, &rule));
	response_json(c, rs, 201, &price_rule_schema, &rule);
	return OK;
}

/* DELETE /admin/prices/{id} */
struct admin_price_end_in {
	int64_t id;
};
static const struct field admin_price_end_in_fields[] = {
    FIELD(admin_price_end_in, id, INT, REQUIRED, .from = FROM_PATH, .lo = 1,
	.hi = INT64_MAX),
};
SCHEMA(admin_price_end_in);

enum err
admin_price_end(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_price_end_in *in = rq->in;

	TRY(price_end(c, in->id, actor_of(c)));
	response_empty(rs, 204);
	return OK;
}
