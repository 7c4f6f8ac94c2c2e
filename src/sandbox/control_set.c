/* The settings that a test may change while the sandbox runs. */
#include <stddef.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/money.h"
#include "base/text.h"
#include "io/js.h"
#include "sandbox/control.h"
#include "sandbox/sandbox.h"

#define DAY_S  INT64_C(86400)
#define DAY_MS (DAY_S * 1000)
#define MUCH   (INT64_C(1000000000) * MONEY_ONE)

enum unit {
	UNIT_PLAIN, /* a whole number, true is 1 */
	UNIT_MONEY, /* micros */
	UNIT_CENTI  /* hundredths */
};

enum home {
	HOME_RULES,   /* struct rules, of all services or of one */
	HOME_ACCOUNT, /* struct account */
	HOME_OFFER,   /* the offers in scope */
	HOME_TOP_UP
};

struct setting {
	const char *name;
	enum home home;
	enum unit unit;
	size_t offset;
	int64_t lo;
	int64_t hi;
};

#define RULES(field)   HOME_RULES, UNIT_PLAIN, offsetof(struct rules, field)
#define ACCOUNT(field) offsetof(struct account, field)

/* clang-format off */
static const struct setting settings[] = {
/* name             home, unit, member                          lo    hi */
{"balance",         HOME_ACCOUNT, UNIT_MONEY, ACCOUNT(balance), -MUCH, MUCH},
{"early_cancel_s",  RULES(early_cancel_s),                      0, DAY_S},
{"followup_ms",     RULES(followup_ms),                         0, DAY_MS},
{"free_cancel_s",   RULES(free_cancel_s),                       0, DAY_S},
{"honour_order_id", HOME_ACCOUNT, UNIT_PLAIN, ACCOUNT(honour_order_id), 0, 1},
{"lifetime_s",      RULES(lifetime_s),                          1, DAY_S},
{"list_lag_ms",     HOME_ACCOUNT, UNIT_PLAIN, ACCOUNT(list_lag_ms), 0, DAY_MS},
{"max_active",      HOME_ACCOUNT, UNIT_PLAIN, ACCOUNT(max_active), 0, 1000000},
{"never_sms",       RULES(never_sms),                           0, 1},
{"no_phones_http",  HOME_ACCOUNT, UNIT_PLAIN, ACCOUNT(no_phones_http), 200, 599},
{"phone_ms",        RULES(phone_ms),                            0, DAY_MS},
{"price",           HOME_OFFER,   UNIT_MONEY, 0,                1, MUCH},
{"rating",          HOME_ACCOUNT, UNIT_CENTI, ACCOUNT(rating),  0, 9600},
{"received_ms",     RULES(received_ms),                         0, DAY_MS},
{"refund_percent",  RULES(refund_percent),                      0, 1000},
{"sms_delay_ms",    RULES(sms_delay_ms),                        0, DAY_MS},
{"stock",           HOME_OFFER,   UNIT_PLAIN, 0,                0, 1000000000},
{"top_up",          HOME_TOP_UP,  UNIT_MONEY, 0,                1, MUCH},
};
/* clang-format on */

/* Which routes a change is for; WORLD_NONE and OPERATOR_ANY are all. */
struct scope {
	int country;
	int service;
	int op;
};

static const struct setting *
find(const char *name)
{
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		if (text_eq(name, settings[i].name))
			return &settings[i];
	return NULL;
}

static const char *
unknown_setting(struct visit *v, const char *name)
{
	struct buf b;

	buf_init(&b, v->mem);
	buf_fmt(&b, "%s: must be one of ", name);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++)
		buf_fmt(&b, "%s, ", settings[i].name);
	buf_text(&b, "refunds");
	return b.at;
}

static bool
read_value(
    struct ctx *c, const struct setting *s, const struct js *v, int64_t *out)
{
	const char *text = js_scalar(c, v);
	bool flag;

	if (js_bool(v, &flag)) {
		*out = flag ? 1 : 0;
		return s->unit == UNIT_PLAIN && *out >= s->lo && *out <= s->hi;
	}
	if (text == NULL)
		return false;
	if (s->unit == UNIT_PLAIN)
		return text_to_i64(text, s->lo, s->hi, out);
	if (!money_parse(text, out))
		return false;
	if (s->unit == UNIT_CENTI)
		*out /= MONEY_ONE / 100;
	return *out >= s->lo && *out <= s->hi;
}

static const char *
read_scope(struct ctx *c, const struct js *body, struct scope *out)
{
	const char *country = js_scalar(c, js_get(body, "country"));
	const char *service = js_scalar(c, js_get(body, "service"));
	const char *op = js_scalar(c, js_get(body, "operator"));

	out->country = world_country_by_any(country);
	out->service = world_service_by_any(service);
	out->op = OPERATOR_ANY;
	if (country != NULL && out->country == WORLD_NONE)
		return "country: unknown";
	if (service != NULL && out->service == WORLD_NONE)
		return "service: unknown";
	if (op != NULL && !market_operator(op, &out->op))
		return "operator: unknown";
	return NULL;
}

/* Not a number: how refunds come. */
static const char *
read_refunds(struct visit *v, struct ctx *c, const struct js *body,
    struct refund_script *out)
{
	const struct js *value = js_get(body, "refunds");
	const char *text = js_scalar(c, value);

	*out = v->market->refunds;
	if (value == NULL)
		return NULL;
	return text != NULL && refund_parse(v->market, text, out) ?
	    NULL :
	    "refunds: must be once, never, late:MS, part:PERCENT, twice or "
	    "twice:MS, separated by commas";
}

/* Names that are read on their own, before the numbers. */
static bool
is_no_number(const char *name)
{
	return text_eq(name, "country") || text_eq(name, "service") ||
	    text_eq(name, "operator") || text_eq(name, "refunds");
}

/* An account has no routes, a rule none by country (but never_sms). */
static bool
is_in_scope(const struct setting *s, const struct scope *scope)
{
	bool by_route =
	    scope->country != WORLD_NONE || scope->op != OPERATOR_ANY;

	if (s->home == HOME_RULES)
		return !by_route || text_eq(s->name, "never_sms");
	return s->home == HOME_OFFER ||
	    (!by_route && scope->service == WORLD_NONE);
}

static void
set_offer(struct offer *offer, const struct setting *s, int64_t value)
{
	if (text_eq(s->name, "price"))
		offer->price = value;
	else if (text_eq(s->name, "stock"))
		offer->stock = value;
	else
		offer->never = value != 0;
}

static void
set_offers(struct market *m, const struct scope *scope, const struct setting *s,
    int64_t value)
{
	for (int c = 0; c < COUNTRY_COUNT; c++)
		for (int i = 0; i < SERVICE_COUNT; i++)
			for (int o = 0; o < OPERATOR_COUNT; o++)
				if ((scope->country == WORLD_NONE ||
					c == scope->country) &&
				    (scope->service == WORLD_NONE ||
					i == scope->service) &&
				    (scope->op == OPERATOR_ANY ||
					o == scope->op))
					set_offer(
					    &m->offers[c][i][o], s, value);
}

static void
set_member(void *record, const struct setting *s, int64_t value)
{
	*(int64_t *)(void *)((char *)record + s->offset) = value;
}

static void
apply(struct visit *v, const struct scope *scope, const struct setting *s,
    int64_t value)
{
	struct market *m = v->market;
	bool by_route =
	    scope->country != WORLD_NONE || scope->op != OPERATOR_ANY;

	if (s->home == HOME_OFFER || by_route)
		set_offers(m, scope, s, value);
	else if (s->home == HOME_TOP_UP)
		market_top_up(m, value, v->now);
	else if (s->home == HOME_ACCOUNT)
		set_member(&m->account, s, value);
	else if (scope->service != WORLD_NONE)
		set_member(&m->by_service[scope->service], s, value);
	else
		set_member(&m->rules, s, value);
	if (text_eq(s->name, "rating") && value > 0)
		m->account.blocked_until = 0;
}

const char *
control_set(struct visit *v, const struct js *body)
{
	struct ctx c = {.mem = v->mem, .op = "control"};
	struct scope scope;
	const char *wrong = read_scope(&c, body, &scope);
	struct refund_script refunds;
	const struct js *value;
	const char *name;
	int64_t number;

	if (wrong == NULL)
		wrong = read_refunds(v, &c, body, &refunds);
	if (wrong != NULL)
		return wrong;
	for (size_t i = 0; js_each(body, i, &name, &value); i++) {
		const struct setting *s = find(name);

		if (is_no_number(name))
			continue;
		if (s == NULL)
			return unknown_setting(v, name);
		if (!is_in_scope(s, &scope))
			return arena_fmt(v->mem, "%s: not by route", name);
		if (!read_value(&c, s, value, &number))
			return arena_fmt(v->mem, "%s: out of range", name);
	}
	for (size_t i = 0; js_each(body, i, &name, &value); i++)
		if (!is_no_number(name) &&
		    read_value(&c, find(name), value, &number))
			apply(v, &scope, find(name), number);
	v->market->refunds = refunds;
	return NULL;
}
