#include "sandbox/fivesim_lists.h"

#include <inttypes.h>

#include "base/money.h"
#include "base/text.h"
#include "io/httpd.h"
#include "sandbox/json_out.h"
#include "sandbox/sandbox.h"

/* Hundredths of a percent; what is outside is left out. */
#define RATE_LEAST 2000
#define RATE_MOST  10000

static void
add_country(struct buf *b, const struct country *c)
{
	json_comma(b);
	buf_fmt(b,
	    "\"%s\":{\"iso\":{\"%s\":1},\"prefix\":{\"+%s\":1},\"text_en\":",
	    c->slug, c->iso, c->dial);
	json_text(b, c->name);
	buf_text(b, ",\"text_ru\":");
	json_text(b, c->name);
	for (int o = 0; o < OPERATOR_COUNT; o++)
		buf_fmt(
		    b, ",\"%s\":{\"activation\":1}", market_operator_name(o));
	buf_char(b, '}');
}

void
fivesim_countries(struct visit *v)
{
	struct buf *b = answer_start(v, 200, "application/json");

	buf_char(b, '{');
	for (int c = 0; c < COUNTRY_COUNT; c++)
		if (v->market->sells_country[c])
			add_country(b, world_country(c));
	buf_char(b, '}');
}

/* ---- products ---- */

struct product {
	int64_t price; /* the lowest; 0 when nothing was found */
	int64_t count;
};

static void
add_up(struct product *p, const struct offer *offer)
{
	if (p->price == 0 || offer->price < p->price)
		p->price = offer->price;
	p->count += offer->stock;
}

/* What one service costs in a country, or in all, from an operator or any. */
static struct product
product_of(struct market *m, int country, int service, int op)
{
	struct product p = {0};

	for (int c = 0; c < COUNTRY_COUNT; c++) {
		const struct offer *offers = market_offers(m, c, service);

		if (offers == NULL || (country != WORLD_NONE && c != country))
			continue;
		for (int o = 0; o < OPERATOR_COUNT; o++)
			if (op == OPERATOR_ANY || o == op)
				add_up(&p, &offers[o]);
	}
	return p;
}

void
fivesim_products(
    struct visit *v, const char *country, const char *operator_name)
{
	int c = world_country_by_slug(country);
	struct buf *b;
	int op;

	if (c == WORLD_NONE && !text_eq(country, "any")) {
		answer_text(v, 400, "country is incorrect");
		return;
	}
	if (!market_operator(operator_name, &op)) {
		answer_text(v, 400, "bad operator");
		return;
	}
	b = answer_start(v, 200, "application/json");
	buf_char(b, '{');
	for (int s = 0; s < SERVICE_COUNT; s++) {
		struct product p = product_of(v->market, c, s, op);

		if (p.price == 0)
			continue;
		json_comma(b);
		buf_fmt(b,
		    "\"%s\":{\"Category\":\"activation\",\"Qty\":%" PRId64
		    ",\"Price\":",
		    world_service(s)->slug, p.count);
		json_money(b, p.price);
		buf_char(b, '}');
	}
	buf_char(b, '}');
}

/* ---- prices ---- */

static void
add_rate(struct buf *b, const char *name, int64_t rate)
{
	if (rate < RATE_LEAST || rate > RATE_MOST)
		return;
	buf_fmt(b, ",\"%s\":", name);
	json_money(b, rate * (MONEY_ONE / 100));
}

static void
add_operators(struct visit *v, struct buf *b, int country, int service)
{
	const struct offer *offers = market_offers(v->market, country, service);
	uint64_t random = world_mix((uint64_t)service, (uint64_t)country);

	buf_char(b, '{');
	for (int o = 0; o < OPERATOR_COUNT; o++) {
		json_comma(b);
		buf_fmt(b, "\"%s\":{\"cost\":", market_operator_name(o));
		json_money(b, offers[o].price);
		buf_fmt(b, ",\"count\":%" PRId64, offers[o].stock);
		add_rate(b, "rate", (int64_t)(random >> (o * 8) & 0x3fff));
		add_rate(b, "rate720", (int64_t)(random >> (o * 9) & 0x1fff));
		buf_char(b, '}');
	}
	buf_char(b, '}');
}

static void
open_group(struct buf *b, const char *name)
{
	json_comma(b);
	buf_fmt(b, "\"%s\":", name);
}

/* {country: {product: {operator: ...}}}; WORLD_NONE stands for all. */
static void
by_country(struct visit *v, struct buf *b, int country, int service)
{
	for (int c = 0; c < COUNTRY_COUNT; c++) {
		if (!v->market->sells_country[c] ||
		    (country != WORLD_NONE && c != country))
			continue;
		open_group(b, world_country(c)->slug);
		buf_char(b, '{');
		for (int s = 0; s < SERVICE_COUNT; s++) {
			if (!v->market->sells_service[s] ||
			    (service != WORLD_NONE && s != service))
				continue;
			open_group(b, world_service(s)->slug);
			add_operators(v, b, c, s);
		}
		buf_char(b, '}');
	}
}

/* {product: {country: {operator: ...}}}: the filter by product alone swaps
 * the nesting. */
static void
by_product(struct visit *v, struct buf *b, int service)
{
	open_group(b, world_service(service)->slug);
	buf_char(b, '{');
	for (int c = 0; c < COUNTRY_COUNT; c++) {
		if (market_offers(v->market, c, service) == NULL)
			continue;
		open_group(b, world_country(c)->slug);
		add_operators(v, b, c, service);
	}
	buf_char(b, '}');
}

void
fivesim_prices(struct visit *v)
{
	const char *country = httpd_param(v->call, "country");
	const char *product = httpd_param(v->call, "product");
	int c = world_country_by_slug(country);
	int s = world_service_by_slug(product);
	struct buf *b;

	if (country != NULL && c == WORLD_NONE) {
		answer_text(v, 400, "country is incorrect");
		return;
	}
	if (product != NULL && s == WORLD_NONE) {
		answer_text(v, 400, "product is incorrect");
		return;
	}
	b = answer_start(v, 200, "application/json");
	buf_char(b, '{');
	if (product != NULL && country == NULL)
		by_product(v, b, s);
	else
		by_country(v, b, c, s);
	buf_char(b, '}');
}
