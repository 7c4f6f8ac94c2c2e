/* catalogue - what can be leased, for anybody. */
#include "io/rules.h"
#include "io/schema.h"
#include "service/catalogue.h"
#include "web/route.h"

/* Long enough to spare a look, short enough that a price is not stale. */
#define CACHE "public, max-age=5, stale-while-revalidate=30"

static const struct field service_row_fields[] = {
    FIELD(service_row, code, TEXT, REQUIRED),
    FIELD(service_row, name, TEXT, REQUIRED),
    FIELD(service_row, category, TEXT, REQUIRED),
};
static SCHEMA(service_row);

/* GET /services */
SCHEMA_EMPTY(service_list_in);

enum err
service_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(catalogue_services(c, &list));
	response_header(rs, "Cache-Control", CACHE);
	response_list(c, rs, &service_row_schema, list.at, list.n, NULL);
	return OK;
}

static const struct field country_row_fields[] = {
    FIELD(country_row, code, TEXT, REQUIRED, .doc = "ISO 3166-1 alpha-2."),
    FIELD(country_row, name, TEXT, REQUIRED),
    FIELD(country_row, dial, TEXT, REQUIRED, .doc = "Without the plus."),
};
static SCHEMA(country_row);

/* GET /countries */
SCHEMA_EMPTY(country_list_in);

enum err
country_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(catalogue_countries(c, &list));
	response_header(rs, "Cache-Control", CACHE);
	response_list(c, rs, &country_row_schema, list.at, list.n, NULL);
	return OK;
}

static const struct field offer_row_fields[] = {
    FIELD(offer_row, service, TEXT, REQUIRED),
    FIELD(offer_row, country, TEXT, REQUIRED),
    FIELD(offer_row, operator, TEXT, REQUIRED),
    FIELD(offer_row, price, MONEY, REQUIRED, .doc = "What the user pays."),
    FIELD(offer_row, stock, INT, REQUIRED),
    FIELD(offer_row, seen_at, TIME, REQUIRED),
};
static SCHEMA(offer_row);

/* GET /offers */
struct offer_list_in {
	const char *service, *country;
};
static const struct field offer_list_in_fields[] = {
    FIELD(offer_list_in, service, TEXT, OPTIONAL, .from = FROM_QUERY, .lo = 1,
	.hi = 32, .check = is_slug),
    FIELD(offer_list_in, country, TEXT, OPTIONAL, .from = FROM_QUERY, .lo = 2,
	.hi = 2, .check = is_country_code),
};
SCHEMA(offer_list_in);

enum err
offer_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct offer_list_in *in = rq->in;
	struct list list = {0};

	TRY(catalogue_offers(c, in->service, in->country, &list));
	response_header(rs, "Cache-Control", CACHE);
	response_list(c, rs, &offer_row_schema, list.at, list.n, NULL);
	return OK;
}
