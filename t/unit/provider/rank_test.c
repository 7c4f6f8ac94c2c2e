#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "harness/suite.h"
#include "io/js.h"
#include "provider/rank.h"
#include "provider/seed.h"

#define ROUNDS 2000

/* Of the settings, as they are at first. */
#define WEIGHTS                                                          \
	.weigh_cost = RANK_WEIGHT_ONE, .weigh_latency = RANK_WEIGHT_ONE, \
	.weigh_rate = RANK_WEIGHT_ONE, .weigh_stock = RANK_WEIGHT_ONE / 2
#define MAX 12

static struct ctx
ctx_for(struct arena *mem)
{
	return (struct ctx){.mem = mem};
}

static struct candidate
good(const char *name)
{
	return (struct candidate){.provider = name,
	    .offer = 1,
	    .operator= "any",
	    .rule = 1,
	    .enabled = true,
	    .can_buy = true,
	    .has_operator = true,
	    .has_rate = true,
	    .cost = 200000,
	    .price = 350000,
	    .floor = 210000,
	    .stock = 10,
	    .balance = 10 * RANK_ONE,
	    .priority = 100,
	    .latency = 400000,
	    .sold = 100,
	    .delivered = 80};
}

/* A candidate of any kind, also senseless ones. */
static struct candidate
any(struct seed *s)
{
	struct candidate at = good("any");

	at.enabled = seed_below(s, 8) > 0;
	at.can_buy = seed_below(s, 8) > 0;
	at.has_operator = seed_below(s, 8) > 0;
	at.backing_off = seed_below(s, 8) == 0;
	at.has_rate = seed_below(s, 8) > 0;
	at.is_rate_old = seed_below(s, 8) == 0;
	at.cost = (int64_t)seed_below(s, 1000000) - 1000;
	at.price = at.cost + (int64_t)seed_below(s, 300000) - 1000;
	at.floor = at.cost + (int64_t)seed_below(s, 20000);
	at.stock = (int64_t)seed_below(s, 20) - 1;
	at.balance = (int64_t)seed_below(s, 5000000);
	at.priority = (int64_t)seed_below(s, 1000);
	at.admin_weight = (int64_t)seed_below(s, 100);
	at.latency = (int64_t)seed_below(s, 20000000);
	at.sold = (int64_t)seed_below(s, 5000);
	at.delivered = (int64_t)seed_below(s, 5000);
	at.published = (int64_t)seed_below(s, 2) * 700000;
	return at;
}

static size_t
any_set(struct seed *s, struct candidate *set, struct rank_rules *rules)
{
	size_t n = (size_t)seed_below(s, MAX + 1);

	for (size_t i = 0; i < n; i++)
		set[i] = any(s);
	*rules =
	    (struct rank_rules){.max_price = (int64_t)seed_below(s, 2) * 600000,
		.seed = (int64_t)seed_next(s),
		.weigh_cost = (int64_t)seed_below(s, 100000),
		.weigh_latency = (int64_t)seed_below(s, 100000),
		.weigh_rate = (int64_t)seed_below(s, 100000),
		.weigh_stock = (int64_t)seed_below(s, 100000)};
	return n;
}

/* The order is a permutation of exactly the admitted candidates. */
static void
check_order(const struct decision *d)
{
	size_t admitted = 0;

	for (size_t i = 0; i < d->count; i++) {
		const struct ranked *r = &d->ranked[i];

		if (r->refused != NULL) {
			CU_ASSERT_EQUAL(r->place, 0);
			CU_ASSERT_EQUAL(r->luck, 0);
			continue;
		}
		admitted++;
		CU_ASSERT(r->place == 1 ||
		    r->score + r->luck <=
			d->ranked[d->order[r->place - 2]].score +
			    d->ranked[d->order[r->place - 2]].luck);
		CU_ASSERT(r->cost_ratio >= RANK_ONE);
		CU_ASSERT(r->latency_ratio >= RANK_ONE);
		CU_ASSERT(r->rate > 0 && r->rate <= RANK_ONE);
		CU_ASSERT(r->place >= 1);
		CU_ASSERT_EQUAL(d->order[r->place - 1], i);
	}
	CU_ASSERT_EQUAL(admitted, d->admitted);
}

static void
check_admitted_keep_the_rules(const struct decision *d)
{
	for (size_t k = 0; k < d->admitted; k++) {
		const struct candidate *at = &d->candidates[d->order[k]];

		CU_ASSERT_TRUE(at->enabled && at->can_buy && at->has_operator);
		CU_ASSERT_FALSE(at->backing_off);
		CU_ASSERT(at->stock != 0 && at->cost > 0);
		CU_ASSERT(at->balance >= at->cost);
		CU_ASSERT(at->price >= at->floor);
		if (d->rules.max_price > 0)
			CU_ASSERT(at->price <= d->rules.max_price);
	}
}

static void
every_admitted_is_drawn_once(void)
{
	struct arena *mem = arena_new("test", 1 << 24);
	struct ctx c = ctx_for(mem);
	struct seed s = {42};
	struct candidate set[MAX];
	struct rank_rules rules;
	struct decision d;

	for (int i = 0; i < ROUNDS; i++) {
		size_t n = any_set(&s, set, &rules);

		rank_apply(&c, &rules, set, n, &d);
		check_order(&d);
		check_admitted_keep_the_rules(&d);
	}
	arena_free(&mem);
}

static void
printed_decisions_are_recomputed(void)
{
	struct arena *mem = arena_new("test", 1 << 26);
	struct ctx c = ctx_for(mem);
	struct seed s = {43};
	struct candidate set[MAX];
	struct rank_rules rules;

	for (int i = 0; i < ROUNDS / 10; i++) {
		size_t n = any_set(&s, set, &rules);
		const struct js *read = NULL;
		struct decision first;
		struct decision again;
		struct buf a;
		struct buf b;

		buf_init(&a, mem);
		buf_init(&b, mem);
		rank_apply(&c, &rules, set, n, &first);
		rank_print(&a, &first);
		CU_ASSERT_EQUAL_FATAL(js_parse(&c, a.at, a.len, &read), OK);
		CU_ASSERT_EQUAL_FATAL(rank_replay(&c, read, &again), OK);
		rank_print(&b, &again);
		CU_ASSERT_STRING_EQUAL(a.at, b.at);
	}
	arena_free(&mem);
}

static void
other_prints_are_refused(void)
{
	static const char *const prints[] = {"{}", "[]", "null",
	    "{\"version\":5,\"candidates\":[]}",
	    "{\"version\":3,\"max_price\":0,\"candidates\":[]}",
	    ("{\"version\":3,\"max_price\":0,\"seed\":1,"
	     "\"candidates\":[{}]}")};
	struct arena *mem = arena_new("test", 1 << 20);
	struct ctx c = ctx_for(mem);

	for (size_t i = 0; i < sizeof(prints) / sizeof(prints[0]); i++) {
		const struct js *read = NULL;
		struct decision d;

		CU_ASSERT_EQUAL_FATAL(
		    js_parse(&c, prints[i], strlen(prints[i]), &read), OK);
		CU_ASSERT_EQUAL(rank_replay(&c, read, &d), ERR_BAD_INPUT);
	}
	arena_free(&mem);
}

/* What breaks one candidate, and the reason that must be given. */
static struct {
	const char *reason;
	struct candidate at;
} refusals[12];

static void
fill_refusals(void)
{
	static const char *const reasons[] = {"disabled", "no_capability",
	    "operator_not_offered", "muted", "no_cost", "price_above_limit",
	    "price_under_floor", "out_of_stock", "backing_off", "float_too_low",
	    "no_exchange_rate", "exchange_rate_too_old"};

	for (size_t i = 0; i < 12; i++) {
		refusals[i].reason = reasons[i];
		refusals[i].at = good(reasons[i]);
	}
	refusals[0].at.enabled = false;
	refusals[1].at.can_buy = false;
	refusals[2].at.has_operator = false;
	refusals[3].at.priority = 0;
	refusals[4].at.cost = 0;
	refusals[5].at.price = 400001;
	refusals[6].at.price = 209999;
	refusals[7].at.stock = 0;
	refusals[8].at.backing_off = true;
	refusals[9].at.balance = 199999;
	refusals[10].at.has_rate = false;
	refusals[11].at.is_rate_old = true;
}

static void
every_refusal_has_its_reason(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	struct ctx c = ctx_for(mem);
	struct rank_rules rules = {.max_price = 400000};
	struct candidate set[13];
	struct decision d;

	fill_refusals();
	for (size_t i = 0; i < 12; i++)
		set[i] = refusals[i].at;
	set[12] = good("good");
	set[12].price = 210000; /* the floor itself is enough */
	rank_apply(&c, &rules, set, 13, &d);
	for (size_t i = 0; i < 12; i++)
		CU_ASSERT(text_eq(d.ranked[i].refused, refusals[i].reason));
	CU_ASSERT_EQUAL(d.admitted, 1);
	CU_ASSERT_EQUAL(d.order[0], 12);
	arena_free(&mem);
}

static void
unknown_stock_is_not_empty(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	struct ctx c = ctx_for(mem);
	struct rank_rules rules = {0};
	struct candidate at = good("a");
	struct decision d;

	at.stock = -1;
	rank_apply(&c, &rules, &at, 1, &d);
	CU_ASSERT_EQUAL(d.admitted, 1);
	rank_apply(&c, &rules, NULL, 0, &d);
	CU_ASSERT_EQUAL(d.admitted, 0);
	arena_free(&mem);
}

/* How often, of 20000 seeds, `second` is asked before a good one. */
static int
wins(struct candidate second)
{
	struct arena *mem = arena_new("test", 1 << 26);
	struct ctx c = ctx_for(mem);
	struct candidate set[2] = {good("first"), second};
	struct decision d;
	int n = 0;

	for (int64_t seed = 0; seed < 20000; seed++) {
		struct rank_rules rules = {.seed = seed, WEIGHTS};

		rank_apply(&c, &rules, set, 2, &d);
		n += d.order[0] == 1;
	}
	arena_free(&mem);
	return n;
}

static bool
near(int got, int want)
{
	return got > want - 350 && got < want + 350;
}

/* Weights 1 : w give the second w / (1 + w) of the first places. */
static void
chances_follow_the_weights(void)
{
	struct candidate at = good("second");

	CU_ASSERT(near(wins(at), 10000));
	at.cost *= 2; /* twice the cost: 1 of 3 */
	at.price *= 2;
	CU_ASSERT(near(wins(at), 6667));
	at = good("second");
	at.latency *= 3; /* three times as slow: 1 of 4 */
	CU_ASSERT(near(wins(at), 5000));
	at = good("second");
	at.admin_weight = 300; /* four times the points: 4 of 5 */
	CU_ASSERT(near(wins(at), 16000));
	at = good("second");
	at.delivered = 0; /* never delivers: hardly ever, but not never */
	CU_ASSERT(wins(at) > 100);
	CU_ASSERT(wins(at) < 1000);
}

/* Of three equal ones each is second as often as third. */
static void
later_places_are_fair(void)
{
	struct arena *mem = arena_new("test", 1 << 26);
	struct ctx c = ctx_for(mem);
	struct candidate set[3] = {good("a"), good("b"), good("c")};
	struct decision d;
	int n[3] = {0};

	for (int64_t seed = 0; seed < 30000; seed++) {
		struct rank_rules rules = {.seed = seed, WEIGHTS};

		rank_apply(&c, &rules, set, 3, &d);
		n[d.order[1]]++;
	}
	for (int i = 0; i < 3; i++)
		CU_ASSERT(near(n[i], 10000));
	arena_free(&mem);
}

static void
rate_is_a_lower_bound(void)
{
	int64_t last = 0;

	/* More evidence of the same rate is worth more. */
	for (int64_t n = 10; n <= 1000000; n *= 10) {
		int64_t r = rank_rate(n * 9 / 10, n, 0);

		CU_ASSERT(r > last && r < 900000);
		last = r;
	}
	CU_ASSERT(last > 899000);
	CU_ASSERT(rank_rate(4, 4, 0) < rank_rate(900, 1000, 0));
	CU_ASSERT_EQUAL(rank_rate(0, 0, 0), 276393); /* 2 of 4, by hand */
	/* What the provider says counts as four numbers, and no more. */
	CU_ASSERT(rank_rate(0, 0, 900000) > rank_rate(0, 0, 0));
	CU_ASSERT(rank_rate(0, 0, 200000) < rank_rate(0, 0, 0));
	CU_ASSERT(rank_rate(0, 40, 1000000) < rank_rate(20, 40, 0));
	CU_ASSERT(rank_rate(0, 0, INT64_MAX) <= RANK_ONE);
	CU_ASSERT_EQUAL(rank_rate(0, 100000, 0), 20000);
	CU_ASSERT(rank_rate(10, 5, 0) <= RANK_ONE); /* senseless counts */
	CU_ASSERT(rank_rate(-1, -1, 0) > 0);
	CU_ASSERT(rank_rate(INT64_MAX, INT64_MAX, 0) <= RANK_ONE);
	CU_ASSERT(rank_rate(INT64_MAX, INT64_MAX, 0) > 999000);
}

/* Extreme figures neither overflow nor leave a weight without a chance. */
static void
extremes_are_survived(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	struct ctx c = ctx_for(mem);
	struct rank_rules rules = {.seed = INT64_MIN, WEIGHTS};
	struct candidate set[3] = {good("a"), good("b"), good("c")};
	struct decision d;

	set[0].cost = 1;
	set[0].latency = 1;
	set[0].priority = INT64_MAX;
	set[0].admin_weight = INT64_MAX;
	set[1].cost = INT64_MAX;
	set[1].price = INT64_MAX;
	set[1].balance = INT64_MAX;
	set[1].latency = INT64_MAX;
	set[1].priority = 1;
	set[2].sold = INT64_MAX;
	set[2].stock = INT64_MIN;
	rank_apply(&c, &rules, set, 3, &d);
	check_order(&d);
	CU_ASSERT_EQUAL(d.admitted, 3);
	arena_free(&mem);
}

/* One thing about a candidate becomes better. */
static void
improve(struct seed *s, struct candidate *at)
{
	switch (seed_below(s, 4)) {
	case 0:
		at->delivered += 1 + (int64_t)seed_below(s, 1000);
		break;
	case 1:
		at->cost -= (int64_t)seed_below(s, (uint64_t)at->cost);
		break;
	case 2:
		if (at->stock > 0)
			at->stock += (int64_t)seed_below(s, 100);
		break;
	default:
		if (at->latency > 0)
			at->latency -=
			    (int64_t)seed_below(s, (uint64_t)at->latency);
	}
}

static void
better_is_never_later(void)
{
	struct arena *mem = arena_new("test", 1 << 26);
	struct ctx c = ctx_for(mem);
	struct seed s = {44};
	struct candidate set[MAX];
	struct rank_rules rules;
	int earlier = 0;

	for (int i = 0; i < 4 * ROUNDS; i++) {
		size_t n = any_set(&s, set, &rules);
		struct decision d;
		struct decision after;
		size_t at;
		int64_t place;

		rank_apply(&c, &rules, set, n, &d);
		if (d.admitted == 0)
			continue;
		at = d.order[seed_below(&s, d.admitted)];
		place = d.ranked[at].place;
		improve(&s, &set[at]);
		rank_apply(&c, &rules, set, n, &after);
		CU_ASSERT_EQUAL(after.admitted, d.admitted);
		CU_ASSERT(after.ranked[at].place >= 1);
		CU_ASSERT(after.ranked[at].place <= place);
		earlier += after.ranked[at].place < place;
		check_admitted_keep_the_rules(&after);
	}
	CU_ASSERT(earlier > ROUNDS / 4); /* it does matter */
	arena_free(&mem);
}

/* The parts are of their weights and add up to the score. */
static void
weights_are_obeyed(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	struct ctx c = ctx_for(mem);
	struct rank_rules rules = {WEIGHTS};
	struct candidate set[2] = {good("a"), good("b")};
	const struct ranked *r;
	struct decision d;

	set[1].cost *= 2;
	set[1].price *= 2;
	set[1].latency *= 4;
	set[1].stock = 4;
	rank_apply(&c, &rules, set, 2, &d);
	r = &d.ranked[1];
	CU_ASSERT_EQUAL(d.ranked[0].by_cost, 0);
	CU_ASSERT_EQUAL(r->by_cost, -1000000);    /* one halving */
	CU_ASSERT_EQUAL(r->by_latency, -2000000); /* two */
	CU_ASSERT(r->by_stock >= -500001 && r->by_stock <= -500000);
	CU_ASSERT_EQUAL(r->score,
	    r->by_points + r->by_cost + r->by_latency + r->by_rate +
		r->by_stock);
	rules.weigh_cost = 2 * RANK_WEIGHT_ONE;
	rules.weigh_latency = 0;
	rank_apply(&c, &rules, set, 2, &d);
	CU_ASSERT_EQUAL(d.ranked[1].by_cost, -2000000);
	CU_ASSERT_EQUAL(d.ranked[1].by_latency, 0);
	arena_free(&mem);
}

SUITE("rank",
    {"what becomes better is never asked later for it", better_is_never_later},
    {"the parts of the score follow the weights", weights_are_obeyed},
    {"every admitted candidate is drawn once, no other",
	every_admitted_is_drawn_once},
    {"a printed decision is recomputed bit for bit",
	printed_decisions_are_recomputed},
    {"what is no decision of this version is refused",
	other_prints_are_refused},
    {"every refusal gives its reason", every_refusal_has_its_reason},
    {"unknown stock is not empty stock", unknown_stock_is_not_empty},
    {"chances follow the weights", chances_follow_the_weights},
    {"later places are drawn as fairly as the first", later_places_are_fair},
    {"the delivery rate is a lower bound that evidence raises",
	rate_is_a_lower_bound},
    {"extreme figures are survived", extremes_are_survived})
