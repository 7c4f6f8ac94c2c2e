/* quote - prices that are kept for some minutes. */
#include "io/rules.h"
#include "io/schema.h"
#include "service/quote.h"
#include "web/route.h"

static const struct field quote_fields[] = {
    FIELD(quote, id, ID, REQUIRED),
    FIELD(quote, quote, TEXT, REQUIRED, .doc = "What POST /numbers takes."),
    FIELD(quote, service, TEXT, REQUIRED),
    FIELD(quote, country, TEXT, REQUIRED),
    FIELD(quote, operator, TEXT, REQUIRED),
    FIELD(quote, price, MONEY, REQUIRED, .doc = "The most that is charged."),
    FIELD(quote, currency, TEXT, REQUIRED),
    FIELD(quote, expires_at, TIME, REQUIRED),
};
static SCHEMA(quote);

/* POST /quotes */
struct quote_add_in {
	const char *service, *country, *operator;
};
static const struct field quote_add_in_fields[] = {
    FIELD(quote_add_in, service, TEXT, REQUIRED, .lo = 1, .hi = 32,
	.check = is_slug),
    FIELD(quote_add_in, country, TEXT, REQUIRED, .lo = 2, .hi = 2,
	.check = is_country_code),
    FIELD(quote_add_in, operator, TEXT, OPTIONAL, .lo = 1, .hi = 32,
	.check = is_slug),
};
SCHEMA(quote_add_in);

enum err
quote_add(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct quote_add_in *in = rq->in;
	struct quote q = {0};

	TRY(quote_make(c, in->service, in->country, in->operator, & q));
	response_json(c, rs, 201, &quote_schema, &q);
	return OK;
}
