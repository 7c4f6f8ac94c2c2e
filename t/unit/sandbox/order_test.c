#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "harness/suite.h"
#include "sandbox/order.h"

#define START   (INT64_C(1790000000) * CLOCK_SECOND)
#define PAID_IN (100 * MONEY_ONE)

static struct arena *mem;
static struct market *m;
static int64_t now;

static void
begin(void)
{
	struct market_options o = {.seed = 7,
	    .first_id = 1000,
	    .price_percent = 100,
	    .lifetime_s = 900,
	    .sms_delay_ms = 2000,
	    .balance = PAID_IN};

	mem = arena_new("test", 256 << 20);
	m = market_new(mem, &o);
	now = START;
}

static void
end(void)
{
	arena_free(&mem);
}

static struct wish
wish(void)
{
	struct wish w = {.country = world_country_by_slug("england"),
	    .service = world_service_by_slug("telegram"),
	    .op = OPERATOR_ANY,
	    .twist_country = WORLD_NONE};

	return w;
}

static struct order *
buy(void)
{
	struct wish w = wish();
	struct order *o = NULL;

	CU_ASSERT_EQUAL_FATAL(order_buy(m, &w, now, &o), SALE_OK);
	return o;
}

/* All money is somewhere. */
static void
check_money(void)
{
	const struct account *a = &m->account;

	CU_ASSERT_EQUAL(a->balance + a->frozen + a->spent + a->lost, PAID_IN);
}

static void
sms_on_time(void)
{
	struct order *o;

	begin();
	o = buy();
	CU_ASSERT_PTR_EQUAL(order_find(m, 1000, now + 1999999), o);
	CU_ASSERT_EQUAL(o->state, ORDER_WAITING);
	(void)order_find(m, 1000, now + 2000000);
	CU_ASSERT_EQUAL(o->state, ORDER_GOT);
	(void)order_find(m, 1000, now + 600 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->state, ORDER_GOT);
	CU_ASSERT_EQUAL(o->sms_first->at, now + 2 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->sms_count, 1);
	CU_ASSERT_EQUAL(m->account.spent, o->price);
	CU_ASSERT_EQUAL(m->account.frozen, 0);
	(void)order_find(m, 1000, now + 901 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->state, ORDER_FINISHED);
	CU_ASSERT_EQUAL(o->closed, now + 900 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(m->open_count, 0);
	check_money();
	end();
}

static void
times_out(void)
{
	struct order *o;

	begin();
	m->rules.never_sms = 1;
	o = buy();
	order_settle(m, now + 899 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->state, ORDER_WAITING);
	order_settle(m, now + 900 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->state, ORDER_TIMEOUT);
	CU_ASSERT_EQUAL(m->account.balance, PAID_IN);
	CU_ASSERT_EQUAL(m->account.rating, 9600 - 15);
	end();
}

static void
asked_late(void)
{
	struct order *o;

	begin();
	m->rules.sms_delay_ms = 900 * 1000;
	o = buy();
	order_settle(m, now + 3600 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->state, ORDER_TIMEOUT);
	CU_ASSERT_EQUAL(o->sms_count, 0);
	end();
}

static void
refund_pays(void)
{
	struct wish w = wish();
	struct order *o = NULL;
	int64_t price;

	begin();
	price = m->offers[w.country][w.service][0].price;
	m->rules.never_sms = 1;
	m->account.balance = price;
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_OK);
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_NO_BALANCE);
	now += 900 * CLOCK_SECOND;
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_OK);
	end();
}

static void
steps(void)
{
	struct order *o;

	begin();
	m->rules.early_cancel_s = 120;
	m->rules.free_cancel_s = 300;
	m->rules.never_sms = 1;
	o = buy();
	CU_ASSERT_EQUAL(order_finish(m, o, now), STEP_NO_SMS);
	CU_ASSERT_EQUAL(order_cancel(m, o, now + 119999999), STEP_EARLY);
	CU_ASSERT_EQUAL(
	    order_cancel(m, o, now + 300 * CLOCK_SECOND), STEP_LATE);
	CU_ASSERT_EQUAL(order_cancel(m, o, now + 120 * CLOCK_SECOND), STEP_OK);
	CU_ASSERT_EQUAL(order_cancel(m, o, now), STEP_CLOSED);
	CU_ASSERT_EQUAL(order_retry(m, o, now), STEP_CLOSED);
	CU_ASSERT_EQUAL(order_ban(m, o, now), STEP_CLOSED);
	o = buy();
	CU_ASSERT_EQUAL(
	    order_receive(m, o, sms_from_text(mem, 0, "1234"), now), STEP_OK);
	CU_ASSERT_EQUAL(order_cancel(m, o, now), STEP_HAS_SMS);
	CU_ASSERT_EQUAL(order_ban(m, o, now), STEP_HAS_SMS);
	CU_ASSERT_EQUAL(order_finish(m, o, now), STEP_OK);
	CU_ASSERT_EQUAL(
	    order_receive(m, o, sms_from_text(mem, 0, "1"), now), STEP_CLOSED);
	check_money();
	end();
}

static void
stock(void)
{
	struct wish w = wish();
	struct offer *offers;
	struct order *o = NULL;

	begin();
	offers = m->offers[w.country][w.service];
	for (int i = 0; i < OPERATOR_COUNT; i++)
		offers[i].stock = i == 1 ? 1 : 0;
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_OK);
	CU_ASSERT_EQUAL(o->op, 1);
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_NO_NUMBERS);
	CU_ASSERT_EQUAL(order_cancel(m, o, now), STEP_OK);
	CU_ASSERT_EQUAL(offers[1].stock, 1);
	o = buy();
	CU_ASSERT_EQUAL(order_ban(m, o, now), STEP_OK);
	CU_ASSERT_EQUAL(offers[1].stock, 0);
	end();
}

static void
rules_by_service(void)
{
	struct wish w = wish();
	struct order *o;

	begin();
	m->by_service[w.service].sms_delay_ms = 0;
	o = buy();
	CU_ASSERT_EQUAL(o->sms_due, now);
	w.service = world_service_by_slug("discord");
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_OK);
	CU_ASSERT_EQUAL(o->sms_due, now + 2 * CLOCK_SECOND);
	market_reset_rules(m);
	CU_ASSERT_EQUAL(buy()->sms_due, now + 2 * CLOCK_SECOND);
	end();
}

/* What came back of a number by now. */
static void
check_refund(struct order *o, int64_t after_ms, int64_t percent, int64_t times)
{
	(void)order_find(m, o->id, now + after_ms * CLOCK_MS);
	CU_ASSERT_EQUAL(o->refunded, o->price * percent / 100);
	CU_ASSERT_EQUAL(o->refunds, times);
	check_money();
}

static void
refunds(void)
{
	struct order *o[7];
	int64_t paid = 0;

	begin();
	CU_ASSERT_FATAL(market_first_refunds(
	    m, "once,never,late:5000,part:40,twice,twice:2000"));
	for (int i = 0; i < 7; i++) {
		o[i] = buy();
		CU_ASSERT_EQUAL(order_cancel(m, o[i], now), STEP_OK);
	}
	check_refund(o[0], 0, 100, 1);
	check_refund(o[1], 9000, 0, 0);
	check_refund(o[2], 4999, 0, 0);
	check_refund(o[3], 9000, 40, 1);
	check_refund(o[4], 0, 200, 2);
	check_refund(o[5], 1999, 0, 0);
	check_refund(o[5], 2000, 100, 1);
	check_refund(o[5], 3999, 100, 1);
	check_refund(o[6], 0, 100, 1); /* the list begins again */
	order_settle(m, now + 5000 * CLOCK_MS);
	check_refund(o[2], 0, 100, 1);
	check_refund(o[5], 0, 200, 2);
	CU_ASSERT_PTR_NULL(m->refund_first);
	for (int i = 0; i < 7; i++)
		paid += o[i]->price - o[i]->refunded;
	CU_ASSERT_EQUAL(m->account.balance, PAID_IN - paid);
	CU_ASSERT_EQUAL(m->account.lost, paid);
	end();
}

static void
late_refund_pays(void)
{
	struct wish w = wish();
	struct order *o = NULL;

	begin();
	CU_ASSERT_FATAL(market_first_refunds(m, "late:1000"));
	m->account.balance = m->offers[w.country][w.service][0].price;
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_OK);
	CU_ASSERT_EQUAL(order_cancel(m, o, now), STEP_OK);
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_NO_BALANCE);
	now += CLOCK_SECOND;
	CU_ASSERT_EQUAL(order_buy(m, &w, now, &o), SALE_OK);
	end();
}

static void
refund_taken_back(void)
{
	struct order *o;

	begin();
	CU_ASSERT_FATAL(market_first_refunds(m, "late:1000"));
	o = buy();
	order_force(m, o, ORDER_CANCELED, now);
	order_force(m, o, ORDER_WAITING, now);
	order_settle(m, now + CLOCK_SECOND);
	CU_ASSERT_EQUAL(o->refunded, 0);
	order_force(m, o, ORDER_TIMEOUT, now);
	order_settle(m, now + CLOCK_SECOND);
	check_refund(o, 1000, 100, 1);
	CU_ASSERT_EQUAL(m->account.balance, PAID_IN);
	end();
}

static void
refund_names(void)
{
	static const char *const wrong[] = {"x", "late", "late:", "late:0",
	    "part:0", "part:1001", "part:x", "twice:0", "once,,never",
	    "once never", ",once"};
	struct refund_script s = {.count = 7};

	begin();
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		CU_ASSERT_FALSE(refund_parse(m, wrong[i], &s));
		CU_ASSERT_EQUAL(s.count, 7);
	}
	CU_ASSERT(refund_parse(m, "", &s));
	CU_ASSERT_EQUAL(s.count, 0);
	CU_ASSERT_FATAL(market_first_refunds(m, "never"));
	CU_ASSERT(refund_parse(m, "once,once", &m->refunds));
	CU_ASSERT_EQUAL(m->refunds.count, 2);
	market_reset_rules(m);
	CU_ASSERT_STRING_EQUAL(m->refunds.at[0].name, "never");
	end();
}

static uint64_t random_state;

static int
pick(int n)
{
	random_state = world_mix(random_state, 1);
	return (int)(random_state % (uint64_t)n);
}

static void
random_step(void)
{
	static const char *const scripts[] = {
	    "", "late:90000,never,part:50", "twice:70000,part:150,once"};
	struct wish w = wish();
	struct order *o = NULL;

	now += pick(100) * CLOCK_SECOND;
	w.op = pick(OPERATOR_COUNT + 1) - 1;
	w.twist = (enum twist)pick(TWIST_SMS_NO_CODE + 1);
	m->rules.refund_percent = pick(200);
	m->rules.never_sms = pick(2);
	CU_ASSERT(refund_parse(m, scripts[pick(3)], &m->refunds));
	if (m->order_count == 0 || pick(3) == 0) {
		(void)order_buy(m, &w, now, &o);
		return;
	}
	o = order_find(m, 1000 + pick((int)m->order_count), now);
	switch (pick(6)) {
	case 0:
		(void)order_cancel(m, o, now);
		break;
	case 1:
		(void)order_finish(m, o, now);
		break;
	case 2:
		(void)order_ban(m, o, now);
		break;
	case 3:
		(void)order_retry(m, o, now);
		break;
	case 4:
		(void)order_receive(m, o, sms_from_text(mem, 0, "1234"), now);
		break;
	default:
		order_force(
		    m, o, (enum order_state)pick(ORDER_STATE__MAX), now);
		break;
	}
}

/* The list of open orders is what it says. */
static void
check_open(void)
{
	int64_t n = 0;
	int64_t frozen = 0;

	for (struct order *o = m->open_first; o != NULL; o = o->open_next) {
		CU_ASSERT(order_is_open(o));
		frozen += o->sms_count == 0 ? o->price : 0;
		n++;
	}
	CU_ASSERT_EQUAL(n, m->open_count);
	CU_ASSERT_EQUAL(frozen, m->account.frozen);
}

static void
money_law(void)
{
	for (uint64_t seed = 0; seed < 50; seed++) {
		begin();
		random_state = seed;
		for (int i = 0; i < 400; i++) {
			random_step();
			check_money();
		}
		check_open();
		end();
	}
}

static void
names(void)
{
	for (int i = 0; i < ORDER_STATE__MAX; i++)
		CU_ASSERT_EQUAL((int)order_state_find(
				    order_state_name((enum order_state)i)),
		    i);
	CU_ASSERT_EQUAL((int)order_state_find("X"), ORDER_STATE__MAX);
	CU_ASSERT_EQUAL((int)order_state_find("got"), ORDER_GOT);
}

SUITE("order", {"an SMS comes when it is due, whenever one asks", sms_on_time},
    {"without an SMS the price comes back", times_out},
    {"an SMS that is due after the end never comes", asked_late},
    {"a refund that is due pays for the next number", refund_pays},
    {"refunds come at once, late, in part, twice or never", refunds},
    {"a late refund pays for the next number", late_refund_pays},
    {"a number that is open again keeps no refund", refund_taken_back},
    {"every manner of refund has its name", refund_names},
    {"each step is allowed at its time only", steps},
    {"a cancelled number goes back on the shelf, a banned one does not", stock},
    {"a service may have rules of its own", rules_by_service},
    {"no money is made or lost by any sequence of steps", money_law},
    {"every state has its name", names})
