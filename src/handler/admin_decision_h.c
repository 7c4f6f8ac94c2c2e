/* admin_decision - why a number was bought where it was. */
#include "io/schema.h"
#include "service/explain.h"
#include "web/route.h"

static const struct field explained_option_fields[] = {
    FIELD(explained_option, provider, TEXT, REQUIRED),
    FIELD(explained_option, operator, TEXT, OPTIONAL),
    FIELD(explained_option, chosen, BOOL, REQUIRED),
    FIELD(explained_option, place, INT, REQUIRED,
	.doc = "1 is asked first; 0 was not admitted."),
    FIELD(explained_option, refused, TEXT, OPTIONAL),
    FIELD(explained_option, why, TEXT, REQUIRED),
    FIELD(explained_option, cost, MONEY, REQUIRED),
    FIELD(explained_option, price, MONEY, REQUIRED),
    FIELD(explained_option, floor, MONEY, REQUIRED),
    FIELD(explained_option, rule_id, INT, REQUIRED),
    FIELD(explained_option, stock, INT, REQUIRED),
    FIELD(explained_option, ended, INT, REQUIRED,
	.doc = "Numbers of the route that ended lately."),
    FIELD(explained_option, delivered, INT, REQUIRED),
    FIELD(explained_option, rate, INT, REQUIRED,
	.doc = "Lower bound of that share, parts per million."),
    FIELD(explained_option, by_points, INT, REQUIRED,
	.doc = "Parts of the score, millionths; one more is twice the chance."),
    FIELD(explained_option, by_cost, INT, REQUIRED),
    FIELD(explained_option, by_latency, INT, REQUIRED),
    FIELD(explained_option, by_delivery, INT, REQUIRED),
    FIELD(explained_option, by_stock, INT, REQUIRED),
    FIELD(explained_option, score, INT, REQUIRED),
    FIELD(explained_option, luck, INT, REQUIRED),
};
static SCHEMA(explained_option);

static const struct field explained_try_fields[] = {
    FIELD(explained_try, no, INT, REQUIRED),
    FIELD(explained_try, at, TIME, REQUIRED),
    FIELD(explained_try, provider, TEXT, OPTIONAL,
	.doc = "That was asked; null: nobody."),
    FIELD(explained_try, state, TEXT, OPTIONAL),
    FIELD(explained_try, cause, TEXT, OPTIONAL),
    FIELD(explained_try, cost, MONEY, REQUIRED),
    FIELD(explained_try, max_cost, MONEY, REQUIRED,
	.doc = "The most that the provider might take."),
    FIELD(explained_try, limit, MONEY, REQUIRED,
	.doc = "The most that the user might pay."),
    FIELD(explained_try, said, TEXT, REQUIRED),
    FIELD(explained_try, options, LIST, REQUIRED,
	.sub = &explained_option_schema),
};
static SCHEMA(explained_try);

static const struct field explained_number_fields[] = {
    FIELD(decision_number_row, id, ID, REQUIRED),
    FIELD(decision_number_row, number, INT, REQUIRED),
    FIELD(decision_number_row, service, TEXT, REQUIRED),
    FIELD(decision_number_row, country, TEXT, REQUIRED),
    FIELD(decision_number_row, operator, TEXT, REQUIRED),
    FIELD(decision_number_row, state, TEXT, REQUIRED),
    FIELD(decision_number_row, provider, TEXT, OPTIONAL),
    FIELD(decision_number_row, created_at, TIME, REQUIRED),
    FIELD(decision_number_row, hold, MONEY, REQUIRED),
    FIELD(decision_number_row, price, MONEY, REQUIRED),
    FIELD(decision_number_row, charged, MONEY, REQUIRED),
    FIELD(decision_number_row, cost, MONEY, REQUIRED),
    FIELD(decision_number_row, rule_id, INT, REQUIRED),
    FIELD(decision_number_row, quote_id, ID, OPTIONAL),
    FIELD(decision_number_row, quote_price, MONEY, REQUIRED),
    FIELD(decision_number_row, quote_max_cost, MONEY, REQUIRED),
};
static const struct schema explained_number_schema = {
    .name = "explained_number",
    .size = sizeof(struct decision_number_row),
    .fields = explained_number_fields,
    .count =
	sizeof(explained_number_fields) / sizeof(explained_number_fields[0])};

/* GET /admin/numbers/{id}/decision */
struct decision_out {
	const void *number;
	const char *priced;
	struct list tries;
};
static const struct field decision_out_fields[] = {
    FIELD(decision_out, number, OBJECT, REQUIRED,
	.sub = &explained_number_schema),
    FIELD(decision_out, priced, TEXT, REQUIRED),
    FIELD(decision_out, tries, LIST, REQUIRED, .sub = &explained_try_schema),
};
static SCHEMA(decision_out);

struct admin_number_decision_in {
	const char *id;
};
static const struct field admin_number_decision_in_fields[] = {
    FIELD(admin_number_decision_in, id, TEXT, REQUIRED, .from = FROM_PATH,
	.lo = 1, .hi = 36, .doc = "The id of a number, or its short number."),
};
SCHEMA(admin_number_decision_in);

enum err
admin_number_decision(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct admin_number_decision_in *in = rq->in;
	struct explained found = {0};

	TRY(explain_number(c, in->id, &found));
	response_json(c, rs, 200, &decision_out_schema,
	    &(struct decision_out){found.number, found.priced, found.tries});
	return OK;
}
