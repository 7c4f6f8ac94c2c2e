#include "sandbox/market.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/money.h"
#include "base/text.h"
#include "sandbox/order.h"

#define RATING_MAX  9600 /* 96 is the best and the first (5sim) */
#define BLOCKED_FOR (INT64_C(24) * 3600 * CLOCK_SECOND)
#define RATING_PAID 800

static const char *const operators[OPERATOR_COUNT] = {
    "virtual53", "virtual34", "vodafone"};

/* Each dearer than the one before, in percent of the route's price. */
static const int64_t operator_percent[OPERATOR_COUNT] = {100, 110, 135};

/* Numbers of these countries are sold, but nothing ever reaches them. */
static const char *const silent[] = {"af", "mm"};

/* By names, so that a new row of the tables does not change the others. */
static uint64_t
route_hash(int country, int service)
{
	return world_mix(world_hash(world_service(service)->code),
	    (uint64_t)world_country(country)->handler);
}

/* 0.10 to 0.99, the same at every upstream, in whole cents. */
static int64_t
standard_price(int country, int service)
{
	uint64_t random = route_hash(country, service);

	return (int64_t)(10 + random % 90) * (MONEY_ONE / 100);
}

static int64_t
standard_stock(int country, int service, int op)
{
	uint64_t random = world_mix(route_hash(country, service), (uint64_t)op);

	return (int64_t)(20000 + random % 180000);
}

static bool
is_silent(int country)
{
	for (size_t i = 0; i < sizeof(silent) / sizeof(silent[0]); i++)
		if (text_eq(world_country(country)->iso, silent[i]))
			return true;
	return false;
}

/* In tenths of a cent, so that 5sim's "0.351" occurs. */
static int64_t
scaled(int64_t price, int64_t percent)
{
	int64_t step = MONEY_ONE / 1000;
	int64_t out;

	law(money_scale_up(price, percent, 100 * step, &out));
	return out * step;
}

static void
fill_offers(struct market *m, int64_t percent)
{
	for (int c = 0; c < COUNTRY_COUNT; c++)
		for (int s = 0; s < SERVICE_COUNT; s++)
			for (int o = 0; o < OPERATOR_COUNT; o++)
				m->offers[c][s][o] = (struct offer){
				    scaled(standard_price(c, s),
					percent * operator_percent[o] / 100),
				    standard_stock(c, s, o), is_silent(c)};
}

void
market_reset_rules(struct market *m)
{
	static const struct rules inherit = {RULE_INHERIT, RULE_INHERIT,
	    RULE_INHERIT, RULE_INHERIT, RULE_INHERIT, RULE_INHERIT,
	    RULE_INHERIT, RULE_INHERIT, RULE_INHERIT};

	_Static_assert(sizeof(inherit) == 9 * sizeof(int64_t), "a new rule?");
	m->rules = m->first_rules;
	m->refunds = m->first_refunds;
	for (int s = 0; s < SERVICE_COUNT; s++)
		m->by_service[s] = inherit;
}

struct market *
market_new(struct arena *mem, const struct market_options *o)
{
	struct market *m = arena_one(mem, struct market);

	m->mem = mem;
	m->seed = o->seed;
	m->first_id = o->first_id;
	m->first_rules = (struct rules){
	    .sms_delay_ms = o->sms_delay_ms,
	    .early_cancel_s = o->early_cancel_s,
	    .lifetime_s = o->lifetime_s,
	    .received_ms = 1000,
	    .refund_percent = 100,
	};
	market_reset_rules(m);
	m->account = (struct account){
	    .balance = o->balance,
	    .rating = RATING_MAX,
	    .honour_order_id = 1,
	    .no_phones_http = 200,
	};
	memset(m->sells_country, true, sizeof(m->sells_country));
	memset(m->sells_service, true, sizeof(m->sells_service));
	fill_offers(m, o->price_percent);
	order_store(m);
	return m;
}

/* Clear `flags`, then set those that `names` lists. */
static bool
only(struct market *m, const char *names, bool *flags, size_t count,
    int (*find)(const char *))
{
	memset(flags, false, count);
	while (*names != '\0') {
		size_t len = strcspn(names, ",");
		int place = find(arena_strndup(m->mem, names, len));

		if (place == WORLD_NONE)
			return false;
		flags[place] = true;
		names += len;
		names += *names == ',' ? 1 : 0;
	}
	return true;
}

bool
market_only_countries(struct market *m, const char *names)
{
	return only(
	    m, names, m->sells_country, COUNTRY_COUNT, world_country_by_any);
}

bool
market_only_services(struct market *m, const char *names)
{
	return only(
	    m, names, m->sells_service, SERVICE_COUNT, world_service_by_any);
}

bool
market_first_refunds(struct market *m, const char *script)
{
	if (!refund_parse(m, script, &m->first_refunds))
		return false;
	m->refunds = m->first_refunds;
	return true;
}

struct offer *
market_offers(struct market *m, int country, int service)
{
	if (country == WORLD_NONE || service == WORLD_NONE ||
	    !m->sells_country[country] || !m->sells_service[service])
		return NULL;
	return m->offers[country][service];
}

int
market_cheapest(struct market *m, int country, int service, int64_t max)
{
	const struct offer *offers = market_offers(m, country, service);
	int best = OPERATOR_ANY;

	for (int o = 0; offers != NULL && o < OPERATOR_COUNT; o++) {
		if (offers[o].stock <= 0 || (max > 0 && offers[o].price > max))
			continue;
		if (best == OPERATOR_ANY ||
		    offers[o].price < offers[best].price)
			best = o;
	}
	return best;
}

int64_t
market_stock(struct market *m, int country, int service)
{
	const struct offer *offers = market_offers(m, country, service);
	int64_t sum = 0;

	for (int o = 0; offers != NULL && o < OPERATOR_COUNT; o++)
		sum += offers[o].stock;
	return sum;
}

const char *
market_operator_name(int op)
{
	law(op >= 0 && op < OPERATOR_COUNT);
	return operators[op];
}

bool
market_operator(const char *name, int *out)
{
	*out = OPERATOR_ANY;
	if (text_eq(name, "any"))
		return true;
	for (int o = 0; o < OPERATOR_COUNT; o++) {
		if (!text_eq(name, operators[o]))
			continue;
		*out = o;
		return true;
	}
	return false;
}

void
market_top_up(struct market *m, int64_t amount, int64_t now)
{
	m->account.balance += amount;
	market_rate(m, RATING_PAID, now);
}

void
market_rate(struct market *m, int64_t by, int64_t now)
{
	int64_t rating = m->account.rating + by;

	if (rating > RATING_MAX)
		rating = RATING_MAX;
	if (rating <= 0) {
		rating = 0;
		m->account.blocked_until = now + BLOCKED_FOR;
	}
	m->account.rating = rating;
}
