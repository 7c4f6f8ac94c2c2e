#include "sandbox/handler.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "io/httpd.h"

#define PATH          "/stubs/handler_api.php"
#define MOSCOW        (INT64_C(3) * 3600 * CLOCK_SECOND)
#define RUSSIA        "222" /* the country of a request without one */
#define BANNED_S      600
#define RETRY_AFTER_S 5

struct action {
	const char *name;
	enum op op;
	void (*serve)(struct visit *v);
};

/* ---- helpers ---- */

static const struct handler_manner *
manner(const struct visit *v)
{
	return v->box->dialect->manner;
}

void
handler_deny(struct visit *v, const char *token)
{
	manner(v)->deny(v, &(struct denial){.token = token});
}

void
handler_time(int64_t us, char out[HANDLER_TIME_SIZE])
{
	time_t s = (time_t)((us + MOSCOW) / CLOCK_SECOND);
	struct tm tm = {0};

	(void)gmtime_r(&s, &tm);
	if (strftime(out, HANDLER_TIME_SIZE, "%Y-%m-%d %H:%M:%S", &tm) == 0)
		out[0] = '\0';
}

int64_t
handler_number_param(const struct visit *v, const char *name, int64_t otherwise)
{
	const char *text = httpd_param(v->call, name);
	int64_t n = otherwise;

	if (text == NULL || !text_to_i64(text, 0, INT64_MAX / 2, &n))
		return otherwise;
	return n;
}

int
handler_status_number(const struct order *o)
{
	switch (o->state) {
	case ORDER_GOT:
		return 2;
	case ORDER_RETRY:
		return 3;
	case ORDER_FINISHED:
		return 6;
	case ORDER_CANCELED:
	case ORDER_BANNED:
		return 8;
	case ORDER_TIMEOUT:
		return 10;
	case ORDER_WAITING:
	case ORDER_STATE__MAX:
		break;
	}
	return 4;
}

void
handler_see(struct order *o)
{
	o->seen = true;
}

/* What a customer enters: the code, or the whole text if there is none. */
static const char *
code_of(const struct order *o)
{
	const struct sms *sms = order_code(o);

	if (sms != NULL)
		return sms->code;
	return o->sms_last == NULL ? NULL : o->sms_last->text;
}

/* ---- the account ---- */

static void
get_balance(struct visit *v)
{
	char text[MONEY_TEXT_SIZE];

	order_settle(v->market, v->now);
	money_print_short(v->market->account.balance, 2, text);
	answer_text(v, 200, arena_fmt(v->mem, "ACCESS_BALANCE:%s", text));
}

/* ---- buying ---- */

/* Operators come as a list: the first of it that has stock, or any. */
static bool
pick_operator(struct visit *v, struct wish *w)
{
	const char *list = httpd_param(v->call, "operator");
	const struct offer *offers =
	    market_offers(v->market, w->country, w->service);
	int op;

	if (text_is_empty(list))
		return true;
	while (*list != '\0') {
		size_t len = strcspn(list, ",");

		if (!market_operator(arena_strndup(v->mem, list, len), &op))
			return false;
		if (op == OPERATOR_ANY || w->op == OPERATOR_ANY ||
		    (offers != NULL && offers[w->op].stock <= 0))
			w->op = op;
		if (op == OPERATOR_ANY)
			return true;
		list += len;
		list += *list == ',' ? 1 : 0;
	}
	return true;
}

/* The name of the first bad parameter, or NULL. */
static const char *
read_wish(struct visit *v, struct wish *w)
{
	const char *country = httpd_param(v->call, "country");
	const char *max = httpd_param(v->call, "maxPrice");

	if (text_is_empty(country) || text_eq(country, "0"))
		country = RUSSIA;
	w->service = v->service;
	w->country = world_country_by_handler(country);
	if (w->service == WORLD_NONE)
		return "service";
	if (w->country == WORLD_NONE)
		return "country";
	if (!pick_operator(v, w))
		return "operator";
	if (!text_is_empty(max) &&
	    (!money_parse(max, &w->max_price) || w->max_price <= 0))
		return "maxPrice";
	return NULL;
}

static void
deny_price(struct visit *v, const struct wish *w)
{
	const struct offer *offers =
	    market_offers(v->market, w->country, w->service);
	int op = w->op != OPERATOR_ANY ?
	    w->op :
	    market_cheapest(v->market, w->country, w->service, 0);
	char min[MONEY_TEXT_SIZE];

	money_print_short(offers[op].price, 2, min);
	manner(v)->deny(v,
	    &(struct denial){.token = "WRONG_MAX_PRICE",
		.suffix = arena_fmt(v->mem, ":%s", min),
		.info = arena_fmt(v->mem, "{\"min\":%s}", min)});
}

static void
deny_sale(struct visit *v, const struct wish *w, enum sale sale)
{
	switch (sale) {
	case SALE_NO_BALANCE:
		handler_deny(v, "NO_BALANCE");
		break;
	case SALE_TOO_DEAR:
		deny_price(v, w);
		break;
	case SALE_REF_TAKEN:
		handler_deny(v, "ORDER_ALREADY_EXISTS");
		break;
	case SALE_TOO_MANY:
		manner(v)->deny(v,
		    &(struct denial){.token = "CHANNELS_LIMIT",
			.info = arena_fmt(v->mem,
			    "{\"current_threads\":%" PRId64
			    ",\"max_allowed\":%" PRId64 "}",
			    v->market->open_count,
			    v->market->account.max_active)});
		break;
	case SALE_OK:
	case SALE_NO_NUMBERS:
		handler_deny(v, "NO_NUMBERS");
		break;
	}
}

/* Sell what the request asks for; NULL when it was refused. */
static struct order *
buy(struct visit *v, const char *ref)
{
	struct wish w = visit_wish(v);
	const char *bad = read_wish(v, &w);
	struct order *o = NULL;
	enum sale sale;

	if (bad != NULL) {
		manner(v)->bad_parameter(v, bad);
		return NULL;
	}
	w.ref = text_is_empty(ref) ? NULL : ref;
	sale = order_buy(v->market, &w, v->now, &o);
	if (sale != SALE_OK)
		deny_sale(v, &w, sale);
	return o;
}

static void
get_number(struct visit *v)
{
	const struct order *o = buy(v, NULL);

	if (o != NULL)
		answer_text(v, 200,
		    arena_fmt(v->mem, "ACCESS_NUMBER:%" PRId64 ":%s", o->id,
			o->phone + 1));
}

static void
get_number_v2(struct visit *v)
{
	const struct order *o = buy(v, httpd_param(v->call, "orderId"));

	if (o != NULL)
		manner(v)->number(v, o);
}

/* ---- one activation ---- */

/* The order of the parameter id; NULL after a refusal. */
static struct order *
find(struct visit *v)
{
	const char *text = httpd_param(v->call, "id");
	struct order *o;
	int64_t id;

	if (text == NULL)
		text = httpd_param(v->call, "activationId");
	if (text == NULL || !text_to_i64(text, 0, INT64_MAX, &id)) {
		handler_deny(v,
		    v->op == OP_status ? "NO_ACTIVATION" :
					 "WRONG_ACTIVATION_ID");
		return NULL;
	}
	o = order_find(v->market, id, v->now);
	if (o == NULL)
		handler_deny(v, "NO_ACTIVATION");
	else if (v->op == OP_status)
		order_ask(o, v->now);
	return o;
}

static void
set_status(struct visit *v)
{
	struct order *o = find(v);
	const char *text = httpd_param(v->call, "status");
	int64_t status;

	if (o == NULL)
		return;
	if (text == NULL || !text_to_i64(text, -1, 8, &status) ||
	    !manner(v)->set_status(v, o, status))
		handler_deny(v, "BAD_STATUS");
}

/* A code may hold anything but a line break. */
static const char *
one_line(struct visit *v, const char *code)
{
	char *copy = arena_dup(v->mem, code);

	for (char *p = copy; *p != '\0'; p++)
		if (*p == '\r' || *p == '\n')
			*p = ' ';
	return copy;
}

static const char *
status_text(struct visit *v, struct order *o)
{
	const char *code = code_of(o);
	bool still = o->state == ORDER_FINISHED && manner(v)->ok_after_finish;

	if (o->state == ORDER_WAITING)
		return "STATUS_WAIT_CODE";
	if (o->state == ORDER_RETRY && code == NULL)
		return "STATUS_WAIT_RESEND";
	if (o->state == ORDER_RETRY)
		return arena_fmt(
		    v->mem, "STATUS_WAIT_RETRY:%s", one_line(v, code));
	if (code == NULL || (o->state != ORDER_GOT && !still))
		return "STATUS_CANCEL";
	handler_see(o);
	return arena_fmt(v->mem, "STATUS_OK:%s", one_line(v, code));
}

static void
get_status(struct visit *v)
{
	struct order *o = find(v);

	if (o != NULL)
		answer_text(v, 200, status_text(v, o));
}

static void
get_status_v2(struct visit *v)
{
	struct order *o = find(v);

	if (o == NULL)
		return;
	if (!order_is_open(o) && o->state != ORDER_FINISHED) {
		answer_text(v, 200, "STATUS_CANCEL");
		return;
	}
	manner(v)->status(v, o);
	handler_see(o);
}

static void
get_full_sms(struct visit *v)
{
	struct order *o = find(v);

	if (o == NULL)
		return;
	if (!order_is_open(o)) {
		answer_text(v, 200, "STATUS_CANCEL");
	} else if (o->sms_last == NULL) {
		answer_text(v, 200, "STATUS_WAIT_CODE");
	} else {
		handler_see(o);
		answer_text(v, 200,
		    arena_fmt(v->mem, "FULL_SMS:%s", o->sms_last->text));
	}
}

static void
get_active(struct visit *v)
{
	order_settle(v->market, v->now);
	manner(v)->active(v);
}

/* ---- dispatch ---- */

/* clang-format off */
static const struct action actions[] = {
/* action                   op            function */
{"cancelActivation",        OP_cancel,    NULL}, /* herosms only */
{"finishActivation",        OP_finish,    NULL},
{"getActiveActivations",    OP_list,      get_active},
{"getBalance",              OP_balance,   get_balance},
{"getBalanceAndCashBack",   OP_balance,   get_balance},
{"getCountries",            OP_countries, handler_countries},
{"getFullSms",              OP_status,    get_full_sms},
{"getHistory",              OP_history,   handler_history},
{"getNumber",               OP_buy,       get_number},
{"getNumberV2",             OP_buy,       get_number_v2},
{"getNumbersStatus",        OP_stock,     handler_stock},
{"getOperators",            OP_operators, handler_operators},
{"getPrices",               OP_prices,    handler_prices},
{"getServicesList",         OP_services,  handler_services},
{"getStatus",               OP_status,    get_status},
{"getStatusV2",             OP_status,    get_status_v2},
{"setStatus",               OP_other,     set_status}, /* by its status */
};
/* clang-format on */

static const struct action *
find_action(const struct visit *v)
{
	const char *name = httpd_param(v->call, "action");

	if (!text_eq(httpd_path(v->call), PATH))
		return NULL;
	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (text_eq(name, actions[i].name))
			return &actions[i];
	return NULL;
}

static enum op
op_of_status(const char *status)
{
	static const struct {
		const char *status;
		enum op op;
	} rows[] = {
	    {"1", OP_ready},
	    {"3", OP_resend},
	    {"6", OP_finish},
	    {"8", OP_cancel},
	    {"-1", OP_cancel},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_eq(status, rows[i].status))
			return rows[i].op;
	return OP_other;
}

void
handler_recognise(struct visit *v)
{
	const struct action *a = find_action(v);

	v->op = a == NULL ? OP_other : a->op;
	if (a != NULL && a->serve == set_status)
		v->op = op_of_status(httpd_param(v->call, "status"));
	if (v->op == OP_buy)
		v->service =
		    world_service_by_code(httpd_param(v->call, "service"));
}

/* finishActivation and cancelActivation: 204 instead of a word. */
static void
end_activation(struct visit *v, int64_t status)
{
	struct order *o = find(v);

	if (o == NULL)
		return;
	if (!manner(v)->set_status(v, o, status))
		handler_deny(v, "BAD_STATUS");
	else if (v->answer.status == 200)
		(void)answer_start(v, 204, NULL);
}

void
handler_serve(struct visit *v)
{
	const struct action *a = find_action(v);
	const char *key = httpd_param(v->call, "api_key");

	if (!text_eq(httpd_path(v->call), PATH)) {
		answer_text(v, 404, "404 page not found");
	} else if (!text_eq(key, v->box->key)) {
		v->box->unauthorised++;
		handler_deny(v, key == NULL ? "NO_KEY" : "BAD_KEY");
	} else if (a != NULL && a->serve != NULL) {
		a->serve(v);
	} else if (a != NULL && v->box->dialect == &herosms_dialect) {
		end_activation(v, a->op == OP_cancel ? 8 : 6);
	} else {
		handler_deny(v, "BAD_ACTION");
	}
}

static int64_t
or_else(int64_t value, int64_t otherwise)
{
	return value > 0 ? value : otherwise;
}

static void
refuse_banned(struct visit *v)
{
	int64_t wait = or_else(v->fault.retry_after_s, BANNED_S);
	char until[HANDLER_TIME_SIZE];
	char *quoted;

	handler_time(v->now + wait * CLOCK_SECOND, until);
	quoted = arena_fmt(v->mem, ":'%s'", until);
	for (char *p = quoted + 1; *p != '\0'; p++)
		if (*p == ':')
			*p = '-'; /* the protocol writes 12-00-00 */
	manner(v)->deny(v,
	    &(struct denial){.token = "BANNED",
		.suffix = quoted,
		.info = arena_fmt(v->mem,
		    "{\"scope\":\"global\",\"banned_until\":\"%s\","
		    "\"retry_after_seconds\":%" PRId64 "}",
		    until, wait)});
}

void
handler_refuse(struct visit *v, enum refusal why)
{
	switch (why) {
	case REFUSE_NO_NUMBERS:
		handler_deny(v, "NO_NUMBERS");
		break;
	case REFUSE_NO_BALANCE:
		handler_deny(v, "NO_BALANCE");
		break;
	case REFUSE_BANNED:
		refuse_banned(v);
		break;
	case REFUSE_RATE_LIMIT:
		httpd_set_header(v->call, "Retry-After",
		    arena_fmt(v->mem, "%" PRId64,
			or_else(v->fault.retry_after_s, RETRY_AFTER_S)));
		answer_text(v, 429, "Too Many Requests");
		break;
	}
}
