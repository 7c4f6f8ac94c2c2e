/* admin_receivable - what providers owe us, for administrators. */
#include "io/rules.h"
#include "io/schema.h"
#include "service/receivable.h"
#include "web/route.h"

#define LIST_DEFAULT 100
#define LIST_MAX     1000

static const struct field receivable_age_fields[] = {
    FIELD(receivable_age, provider, TEXT, REQUIRED),
    FIELD(receivable_age, numbers, INT, REQUIRED),
    FIELD(receivable_age, is_open, MONEY, REQUIRED),
    FIELD(receivable_age, day, MONEY, REQUIRED,
	.doc = "Of purchases up to a day old."),
    FIELD(receivable_age, week, MONEY, REQUIRED),
    FIELD(receivable_age, month, MONEY, REQUIRED),
    FIELD(receivable_age, older, MONEY, REQUIRED),
};
static SCHEMA(receivable_age);

static const struct field receivable_row_fields[] = {
    FIELD(receivable_row, provider, TEXT, REQUIRED),
    FIELD(receivable_row, upstream_id, TEXT, OPTIONAL),
    FIELD(receivable_row, activation_id, ID, REQUIRED),
    FIELD(receivable_row, cost, MONEY, REQUIRED),
    FIELD(receivable_row, refunded, MONEY, REQUIRED,
	.doc = "What came of it so far."),
    FIELD(receivable_row, is_open, MONEY, REQUIRED),
    FIELD(receivable_row, since, TIME, REQUIRED),
};
static SCHEMA(receivable_row);

/* GET /admin/receivables: the sums */
SCHEMA_EMPTY(admin_receivable_ages_in);

enum err
admin_receivable_ages(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(receivable_ages(c, &list));
	response_list(c, rs, &receivable_age_schema, list.at, list.n, NULL);
	return OK;
}

/* GET /admin/receivables/{provider}: its numbers */
struct admin_receivable_list_in {
	const char *provider;
	int64_t limit;
};
static const struct field admin_receivable_list_in_fields[] = {
    FIELD(admin_receivable_list_in, provider, TEXT, REQUIRED, .from = FROM_PATH,
	.lo = 1, .hi = 32, .check = is_slug),
    FIELD(admin_receivable_list_in, limit, INT, OPTIONAL, .from = FROM_QUERY,
	.lo = 1, .hi = LIST_MAX, .def = LIST_DEFAULT),
};
SCHEMA(admin_receivable_list_in);

enum err
admin_receivable_list(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_receivable_list_in *in = rq->in;
	struct list list = {0};

	TRY(receivable_list(c, in->provider, (int)in->limit, &list));
	response_list(c, rs, &receivable_row_schema, list.at, list.n, NULL);
	return OK;
}
