/* The dialect of 5sim's API v1: names instead of ids, JSON when it went
 * well, one line of plain text when it did not. */
#include <ctype.h>
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "io/httpd.h"
#include "sandbox/fivesim_lists.h"
#include "sandbox/json_out.h"
#include "sandbox/sandbox.h"

#define LIFETIME_S   900 /* "max waiting 15 min" */
#define PART_MAX     8
#define LIST_DEFAULT 15
#define LIST_MAX     10000

/* The parts of a path behind /v1/. */
struct parts {
	const char *at[PART_MAX];
	size_t count;
};

struct route {
	const char *pattern; /* '*' is a name, '#' a number */
	enum op op;
	bool needs_key;
	void (*serve)(struct visit *v, const struct parts *p);
};

/* ---- one order ---- */

/* Sold, but which number it is comes later. */
static bool
lacks_phone(const struct visit *v, const struct order *o)
{
	int64_t wait = RULE(v->market, o->service, phone_ms);

	return v->now - o->created < wait * CLOCK_MS;
}

static const char *
status_of(const struct visit *v, const struct order *o)
{
	int64_t preparing = RULE(v->market, o->service, received_ms);

	switch (o->state) {
	case ORDER_WAITING:
		return lacks_phone(v, o) ||
			v->now - o->created < preparing * CLOCK_MS ?
		    "PENDING" :
		    "RECEIVED";
	case ORDER_FINISHED:
		return "FINISHED";
	case ORDER_CANCELED:
		return "CANCELED";
	case ORDER_TIMEOUT:
		return "TIMEOUT";
	case ORDER_BANNED:
		return "BANNED";
	case ORDER_GOT:
	case ORDER_RETRY:
	case ORDER_STATE__MAX:
		break;
	}
	return "RECEIVED";
}

/* RFC 3339 with nanoseconds; the last three digits are made up. */
static void
add_time(struct buf *b, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_SIZE];

	clock_print(us, text);
	text[strlen(text) - 1] = '\0'; /* the Z */
	buf_fmt(b, "\"%s\":\"%s%03dZ\"", name, text, (int)(us % 997));
}

static void
add_messages(struct buf *b, const struct order *o)
{
	buf_char(b, '[');
	for (const struct sms *s = o->sms_first; s != NULL; s = s->next) {
		buf_char(b, '{');
		add_time(b, "created_at", s->at);
		buf_char(b, ',');
		add_time(b, "date", s->at);
		buf_text(b, ",\"sender\":");
		json_text(b, s->sender);
		buf_text(b, ",\"text\":");
		json_text(b, s->text);
		buf_text(b, ",\"code\":");
		json_text(b, s->code);
		buf_text(b, s->next != NULL ? "}," : "}");
	}
	buf_char(b, ']');
}

static void
add_order(const struct visit *v, struct buf *b, struct order *o)
{
	const char *status = status_of(v, o);

	buf_fmt(b, "{\"id\":%" PRId64 ",\"phone\":\"%s\",\"operator\":\"%s\",",
	    o->id, lacks_phone(v, o) ? "" : o->phone,
	    market_operator_name(o->op));
	buf_fmt(b,
	    "\"product\":\"%s\",\"price\":", world_service(o->service)->slug);
	json_money(b, o->price);
	buf_fmt(b, ",\"status\":\"%s\",", status);
	add_time(b, "expires", o->expires);
	buf_text(b, ",\"sms\":");
	if (text_eq(status, "PENDING"))
		buf_text(b, "null");
	else
		add_messages(b, o);
	buf_char(b, ',');
	add_time(b, "created_at", o->created);
	buf_fmt(b,
	    ",\"forwarding\":false,\"forwarding_number\":\"\","
	    "\"country\":\"%s\"}",
	    world_country(o->country)->slug);
	o->seen = true;
}

static void
answer_order(struct visit *v, struct order *o)
{
	add_order(v, answer_start(v, 200, "application/json"), o);
}

/* ---- buying ---- */

static void
no_free_phones(struct visit *v)
{
	answer_text(
	    v, (int)v->market->account.no_phones_http, "no free phones");
}

/* What is wrong with the names of a purchase; NULL for nothing. */
static const char *
wrong_name(struct visit *v, const struct parts *p, struct wish *w)
{
	w->country = world_country_by_slug(p->at[3]);
	w->service = world_service_by_slug(p->at[5]);
	if (text_eq(p->at[3], "any"))
		return "select country";
	if (w->country == WORLD_NONE || !v->market->sells_country[w->country])
		return "bad country";
	if (!market_operator(p->at[4], &w->op))
		return "bad operator";
	if (w->service == WORLD_NONE)
		return "bad product";
	if (!v->market->sells_service[w->service])
		return "no product";
	if (v->now < v->market->account.blocked_until)
		return "not enough rating";
	return NULL;
}

static void
buy(struct visit *v, const struct parts *p)
{
	struct wish w = visit_wish(v);
	const char *wrong = wrong_name(v, p, &w);
	const char *max = httpd_param(v->call, "maxPrice");
	struct order *o;

	if (wrong != NULL) {
		answer_text(v, 400, wrong);
		return;
	}
	/* With a pinned operator the cap is silently ignored. */
	if (max != NULL && w.op == OPERATOR_ANY &&
	    !money_parse(max, &w.max_price))
		w.max_price = 0;
	switch (order_buy(v->market, &w, v->now, &o)) {
	case SALE_OK:
		answer_order(v, o);
		break;
	case SALE_NO_BALANCE:
		answer_text(v, 400, "not enough user balance");
		break;
	case SALE_NO_NUMBERS:
	case SALE_TOO_DEAR:
	case SALE_REF_TAKEN:
	case SALE_TOO_MANY:
		no_free_phones(v);
		break;
	}
}

static void
buy_hosting(struct visit *v, const struct parts *p)
{
	(void)p;
	answer_text(v, 400, "no product"); /* long leases are not sold */
}

static void
reuse(struct visit *v, const struct parts *p)
{
	(void)p;
	answer_text(v, 400, "reuse not possible");
}

/* ---- orders ---- */

static struct order *
find(struct visit *v, const struct parts *p)
{
	int64_t id;

	if (!text_to_i64(p->at[2], 0, INT64_MAX, &id))
		return NULL;
	return order_find(v->market, id, v->now);
}

static void
check(struct visit *v, const struct parts *p)
{
	struct order *o = find(v, p);

	if (o == NULL) {
		answer_text(v, 404, "order not found");
		return;
	}
	order_ask(o, v->now);
	answer_order(v, o);
}

typedef enum step order_fn(struct market *m, struct order *o, int64_t now);

static void
step(struct visit *v, const struct parts *p, order_fn *fn)
{
	static const char *const words[] = {
	    [STEP_EARLY] = "you need to wait time",
	    [STEP_LATE] = "order expired",
	    [STEP_HAS_SMS] = "order has sms",
	    [STEP_NO_SMS] = "order no sms",
	    [STEP_CLOSED] = "order expired",
	};
	struct order *o = find(v, p);
	enum step done;

	if (o == NULL) {
		answer_text(v, 400, "order not found");
		return;
	}
	done = fn(v->market, o, v->now);
	if (done == STEP_OK)
		answer_order(v, o);
	else
		answer_text(v, 400, words[done]);
}

static void
finish(struct visit *v, const struct parts *p)
{
	step(v, p, order_finish);
}

static void
cancel(struct visit *v, const struct parts *p)
{
	step(v, p, order_cancel);
}

static void
ban(struct visit *v, const struct parts *p)
{
	step(v, p, order_ban);
}

static int64_t
number_param(struct visit *v, const char *name, int64_t hi, int64_t otherwise)
{
	const char *text = httpd_param(v->call, name);
	int64_t n = otherwise;

	if (text == NULL || !text_to_i64(text, 0, hi, &n))
		return otherwise;
	return n;
}

/* Orders old enough to be listed; the youngest are at the end. */
static int64_t
listed(const struct visit *v)
{
	int64_t since = v->now - v->market->account.list_lag_ms * CLOCK_MS;
	int64_t n = v->market->order_count;

	while (n > 0 && order_at(v->market, n - 1, v->now)->created > since)
		n--;
	return n;
}

static void
orders(struct visit *v, const struct parts *p)
{
	const char *category = httpd_param(v->call, "category");
	const char *reverse = httpd_param(v->call, "reverse");
	int64_t total = text_eq(category, "hosting") ? 0 : listed(v);
	int64_t from = number_param(v, "offset", INT64_MAX, 0);
	int64_t limit = number_param(v, "limit", LIST_MAX, LIST_DEFAULT);
	struct buf *b = answer_start(v, 200, "application/json");

	(void)p;
	buf_text(b, "{\"Data\":[");
	for (int64_t i = from; i < total && i - from < limit; i++) {
		int64_t n = text_eq(reverse, "true") ? total - 1 - i : i;

		if (i > from)
			buf_char(b, ',');
		add_order(v, b, order_at(v->market, n, v->now));
	}
	buf_fmt(b,
	    "],\"ProductNames\":[],\"Statuses\":[],\"Total\":%" PRId64 "}",
	    total);
}

static void
profile(struct visit *v, const struct parts *p)
{
	struct buf *b = answer_start(v, 200, "application/json");
	struct account *a = &v->market->account;

	(void)p;
	order_settle(v->market, v->now);
	buf_text(b,
	    "{\"id\":1,\"email\":\"customer@example.com\",\"vendor\":\"demo\","
	    "\"default_forwarding_number\":\"\",\"balance\":");
	json_money(b, a->balance);
	buf_text(b, ",\"rating\":");
	json_money(b, a->rating * (MONEY_ONE / 100));
	buf_text(b,
	    ",\"default_country\":{\"name\":\"russia\",\"iso\":\"ru\","
	    "\"prefix\":\"+7\"},\"default_operator\":{\"name\":\"\"},"
	    "\"frozen_balance\":");
	json_money(b, a->frozen);
	buf_fmt(
	    b, ",\"total_active_orders\":%" PRId64 "}", v->market->open_count);
}

static void
countries(struct visit *v, const struct parts *p)
{
	(void)p;
	fivesim_countries(v);
}

static void
products(struct visit *v, const struct parts *p)
{
	fivesim_products(v, p->at[2], p->at[3]);
}

static void
prices(struct visit *v, const struct parts *p)
{
	(void)p;
	fivesim_prices(v);
}

/* ---- routes ---- */

/* clang-format off */
static const struct route routes[] = {
/* pattern                    op            key    function */
{"guest/countries",           OP_countries, false, countries},
{"guest/prices",              OP_prices,    false, prices},
{"guest/products/*/*",        OP_stock,     false, products},
{"user/ban/#",                OP_ban,       true,  ban},
{"user/buy/activation/*/*/*", OP_buy,       true,  buy},
{"user/buy/hosting/*/*/*",    OP_other,     true,  buy_hosting},
{"user/cancel/#",             OP_cancel,    true,  cancel},
{"user/check/#",              OP_status,    true,  check},
{"user/finish/#",             OP_finish,    true,  finish},
{"user/orders",               OP_list,      true,  orders},
{"user/profile",              OP_balance,   true,  profile},
{"user/reuse/*/#",            OP_other,     true,  reuse},
};
/* clang-format on */

static bool
is_name(const char *s)
{
	if (*s == '\0')
		return false;
	while (islower((unsigned char)*s) || isdigit((unsigned char)*s))
		s++;
	return *s == '\0';
}

static bool
is_number(const char *s)
{
	return *s != '\0' && s[strspn(s, "0123456789")] == '\0';
}

/* Cut "a/b/c" into its parts; false when there are too many. */
static bool
cut(struct arena *mem, const char *path, struct parts *out)
{
	out->count = 0;
	while (true) {
		size_t len = strcspn(path, "/");

		if (out->count == PART_MAX)
			return false;
		out->at[out->count++] = arena_strndup(mem, path, len);
		if (path[len] == '\0')
			return true;
		path += len + 1;
	}
}

static bool
part_fits(const char *pattern, const char *part)
{
	if (text_eq(pattern, "*"))
		return is_name(part);
	if (text_eq(pattern, "#"))
		return is_number(part);
	return text_eq(pattern, part);
}

static bool
fits(struct arena *mem, const struct route *r, const struct parts *p)
{
	struct parts want;

	if (!cut(mem, r->pattern, &want) || want.count != p->count)
		return false;
	for (size_t i = 0; i < want.count; i++)
		if (!part_fits(want.at[i], p->at[i]))
			return false;
	return true;
}

/* NULL unless it is a GET of something that exists. */
static const struct route *
find_route(struct visit *v, struct parts *p)
{
	const char *path = httpd_path(v->call);

	if (!text_starts(path, "/v1/") ||
	    !text_eq(httpd_method(v->call), "GET") ||
	    !cut(v->mem, path + strlen("/v1/"), p))
		return NULL;
	for (size_t i = 0; i < sizeof(routes) / sizeof(routes[0]); i++)
		if (fits(v->mem, &routes[i], p))
			return &routes[i];
	return NULL;
}

static void
recognise(struct visit *v)
{
	struct parts p;
	const struct route *r = find_route(v, &p);

	v->op = r == NULL ? OP_other : r->op;
	if (v->op == OP_buy)
		v->service = world_service_by_slug(p.at[5]);
}

static bool
has_key(const struct visit *v)
{
	const char *auth = httpd_header(v->call, "Authorization");

	return auth != NULL && text_starts(auth, "Bearer ") &&
	    text_eq(auth + strlen("Bearer "), v->box->key);
}

static void
serve(struct visit *v)
{
	struct parts p;
	const struct route *r = find_route(v, &p);

	if (r == NULL) {
		httpd_set_header(v->call, "Location", "/404.html");
		(void)answer_start(v, 302, NULL);
	} else if (r->needs_key && !has_key(v)) {
		v->box->unauthorised++;
		(void)answer_start(v, 401, NULL);
	} else {
		r->serve(v, &p);
	}
}

static void
refuse(struct visit *v, enum refusal why)
{
	switch (why) {
	case REFUSE_NO_NUMBERS:
		no_free_phones(v);
		break;
	case REFUSE_NO_BALANCE:
		answer_text(v, 400, "not enough user balance");
		break;
	case REFUSE_RATE_LIMIT: /* the limit of the key; no Retry-After */
		(void)answer_start(v, 429, NULL);
		break;
	case REFUSE_BANNED: /* the limit of the address */
		(void)answer_start(v, 503, NULL);
		break;
	}
}

const struct dialect fivesim_dialect = {
    .name = "5sim",
    .lifetime_s = LIFETIME_S,
    .recognise = recognise,
    .serve = serve,
    .refuse = refuse,
};
