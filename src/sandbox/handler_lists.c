#include <inttypes.h>

#include "base/clock.h"
#include "base/text.h"
#include "io/httpd.h"
#include "sandbox/handler.h"
#include "sandbox/json_out.h"

#define HISTORY_DEFAULT 50
#define HISTORY_MAX     100
#define HISTORY_SPAN_S  (INT64_C(30) * 24 * 3600)

/* ---- the catalogue ---- */

static void
add_price(struct visit *v, struct buf *b, int country, int service)
{
	int op = market_cheapest(v->market, country, service, 0);
	int64_t stock = market_stock(v->market, country, service);
	int64_t extra = v->box->dialect->manner->count_extra;

	json_comma(b);
	buf_fmt(b, "\"%s\":{\"cost\":", world_service(service)->code);
	json_money(
	    b, v->market->offers[country][service][op < 0 ? 0 : op].price);
	buf_fmt(b, ",\"count\":%" PRId64 ",\"physicalCount\":%" PRId64 "}",
	    stock + extra, stock);
}

static void
add_country_prices(struct visit *v, struct buf *b, int country, int service)
{
	json_comma(b);
	buf_fmt(b, "\"%d\":{", world_country(country)->handler);
	for (int s = 0; s < SERVICE_COUNT; s++)
		if (v->market->sells_service[s] &&
		    (service == WORLD_NONE || s == service))
			add_price(v, b, country, s);
	buf_char(b, '}');
}

void
handler_prices(struct visit *v)
{
	const char *country = httpd_param(v->call, "country");
	const char *service = httpd_param(v->call, "service");
	int c = world_country_by_handler(country);
	int s = world_service_by_code(service);
	struct buf *b = answer_start(v, 200, "application/json");
	bool nothing = (!text_is_empty(country) && c == WORLD_NONE) ||
	    (!text_is_empty(service) &&
		(s == WORLD_NONE || !v->market->sells_service[s]));

	buf_char(b, '{');
	for (int i = 0; !nothing && i < COUNTRY_COUNT; i++)
		if (v->market->sells_country[i] && (c == WORLD_NONE || i == c))
			add_country_prices(v, b, i, s);
	buf_char(b, '}');
}

void
handler_countries(struct visit *v)
{
	struct buf *b = answer_start(v, 200, "application/json");

	buf_char(b, '{');
	for (int i = 0; i < COUNTRY_COUNT; i++) {
		const struct country *c = world_country(i);

		if (!v->market->sells_country[i])
			continue;
		json_comma(b);
		buf_fmt(
		    b, "\"%d\":{\"id\":%d,\"rus\":", c->handler, c->handler);
		json_text(b, c->name);
		buf_text(b, ",\"eng\":");
		json_text(b, c->name);
		buf_text(b, ",\"chn\":");
		json_text(b, c->name);
		buf_text(b,
		    ",\"visible\":1,\"retry\":1,\"rent\":0,"
		    "\"multiService\":0}");
	}
	buf_char(b, '}');
}

void
handler_services(struct visit *v)
{
	struct buf *b = answer_start(v, 200, "application/json");

	buf_text(b, "{\"status\":\"success\",\"services\":[");
	for (int i = 0; i < SERVICE_COUNT; i++) {
		if (!v->market->sells_service[i])
			continue;
		json_comma(b);
		buf_fmt(
		    b, "{\"code\":\"%s\",\"name\":", world_service(i)->code);
		json_text(b, world_service(i)->name);
		buf_char(b, '}');
	}
	buf_text(b, "]}");
}

static void
add_operators(struct buf *b, int country)
{
	json_comma(b);
	buf_fmt(b, "\"%d\":[", world_country(country)->handler);
	for (int o = 0; o < OPERATOR_COUNT; o++) {
		json_comma(b);
		json_text(b, market_operator_name(o));
	}
	buf_char(b, ']');
}

void
handler_operators(struct visit *v)
{
	const char *country = httpd_param(v->call, "country");
	int c = world_country_by_handler(country);
	struct buf *b;

	if (!text_is_empty(country) &&
	    (c == WORLD_NONE || !v->market->sells_country[c])) {
		handler_deny(v, "OPERATORS_NOT_FOUND");
		return;
	}
	b = answer_start(v, 200, "application/json");
	buf_text(b, "{\"status\":\"success\",\"countryOperators\":{");
	for (int i = 0; i < COUNTRY_COUNT; i++)
		if (v->market->sells_country[i] && (c == WORLD_NONE || i == c))
			add_operators(b, i);
	buf_text(b, "}}");
}

/* Live servers send the counts as strings. */
void
handler_stock(struct visit *v)
{
	const char *country = httpd_param(v->call, "country");
	int c = world_country_by_handler(country);
	struct buf *b = answer_start(v, 200, "application/json");

	buf_char(b, '{');
	for (int s = 0; s < SERVICE_COUNT; s++) {
		int64_t sum = 0;

		if (!v->market->sells_service[s])
			continue;
		for (int i = 0; i < COUNTRY_COUNT; i++)
			if (text_is_empty(country) || i == c)
				sum += market_stock(v->market, i, s);
		json_comma(b);
		buf_fmt(
		    b, "\"%s\":\"%" PRId64 "\"", world_service(s)->code, sum);
	}
	buf_char(b, '}');
}

/* ---- the customer's orders ---- */

/* ["12345",...] or null. */
static void
add_codes(struct buf *b, const struct order *o)
{
	if (o->sms_first == NULL) {
		buf_text(b, "null");
		return;
	}
	buf_char(b, '[');
	for (const struct sms *s = o->sms_first; s != NULL; s = s->next) {
		json_comma(b);
		json_text(b, *s->code != '\0' ? s->code : s->text);
	}
	buf_char(b, ']');
}

static void
add_active(struct buf *b, struct order *o, const char *flag)
{
	const struct country *c = world_country(o->country);
	char at[HANDLER_TIME_SIZE];

	handler_time(o->created, at);
	buf_fmt(b,
	    "{\"activationId\":\"%" PRId64 "\",\"serviceCode\":\"%s\","
	    "\"phoneNumber\":\"%s\",\"activationCost\":",
	    o->id, world_service(o->service)->code, o->phone + 1);
	json_money(b, o->price);
	buf_fmt(b, ",\"activationStatus\":\"%d\",\"smsCode\":",
	    handler_status_number(o));
	add_codes(b, o);
	buf_text(b, ",\"smsText\":");
	if (o->sms_last == NULL)
		buf_text(b, "null");
	else
		json_text(b, o->sms_last->text);
	buf_fmt(b,
	    ",\"activationTime\":\"%s\",\"discount\":\"0.00\","
	    "\"repeated\":\"0\",\"countryCode\":\"%d\",\"countryName\":",
	    at, c->handler);
	json_text(b, c->name);
	buf_fmt(b, ",\"canGetAnotherSms\":%s,\"currency\":840}", flag);
	handler_see(o);
}

int64_t
handler_add_active(struct visit *v, struct buf *b, const char *flag)
{
	int64_t since = v->now - v->market->account.list_lag_ms * CLOCK_MS;
	int64_t start = handler_number_param(v, "start", 0);
	int64_t limit = handler_number_param(v, "limit", INT64_MAX / 2);
	int64_t place = 0;
	int64_t listed = 0;

	for (struct order *o = v->market->open_last; o != NULL;
	     o = o->open_prev) {
		if (o->created > since || place++ < start)
			continue;
		if (listed == limit)
			break;
		json_comma(b);
		add_active(b, o, flag);
		listed++;
	}
	return listed;
}

/* [] or the texts, as a JSON string that holds JSON. */
static void
add_sms_list(struct visit *v, struct buf *b, const struct order *o)
{
	struct buf list;

	buf_init(&list, v->mem);
	buf_char(&list, '[');
	for (const struct sms *s = o->sms_first; s != NULL; s = s->next) {
		json_comma(&list);
		json_text(&list, s->text);
	}
	buf_char(&list, ']');
	json_text(b, list.at);
}

static void
add_past(struct visit *v, struct buf *b, const struct order *o)
{
	char at[HANDLER_TIME_SIZE];

	handler_time(o->created, at);
	json_comma(b);
	buf_fmt(b,
	    "{\"id\":%" PRId64 ",\"date\":\"%s\",\"phone\":\"%s\",\"sms\":",
	    o->id, at, o->phone + 1);
	add_sms_list(v, b, o);
	buf_text(b, ",\"cost\":");
	/* While active it costs nothing yet; what was refunded never did. */
	json_money(b,
	    order_is_open(o) || o->refunded > o->price ?
		0 :
		o->price - o->refunded);
	buf_fmt(b, ",\"status\":\"%d\",\"currency\":840}",
	    handler_status_number(o));
}

void
handler_history(struct visit *v)
{
	int64_t now_s = v->now / CLOCK_SECOND;
	int64_t end = handler_number_param(v, "end", now_s + 1);
	int64_t start = handler_number_param(v, "start", end - HISTORY_SPAN_S);
	int64_t limit = handler_number_param(v, "limit", HISTORY_DEFAULT);
	int64_t skip = handler_number_param(v, "offset", 0);
	struct buf *b = answer_start(v, 200, "application/json");

	if (start > end || end - start > HISTORY_SPAN_S) {
		handler_deny(v, "WRONG_DATE");
		return;
	}
	if (limit > HISTORY_MAX)
		limit = HISTORY_MAX;
	buf_char(b, '[');
	for (int64_t n = v->market->order_count - 1; n >= 0 && limit > 0; n--) {
		const struct order *o = order_at(v->market, n, v->now);
		int64_t at = o->created / CLOCK_SECOND;

		if (at < start)
			break;
		if (at > end || skip-- > 0)
			continue;
		add_past(v, b, o);
		limit--;
	}
	buf_char(b, ']');
}
