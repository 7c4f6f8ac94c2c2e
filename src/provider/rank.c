#include "provider/rank.h"

#include "base/arena.h"
#include "base/law.h"
#include "provider/seed.h"

__extension__ typedef __int128 wide;
__extension__ typedef unsigned __int128 unsigned_wide;

/* A route nobody tried yet counts as 4 numbers of the rate that its provider
 * publishes, or that every other one of brought a code. */
#define PRIOR_SOLD 4
#define PRIOR_RATE (RANK_ONE / 2)
/* Even a route that never delivered is drawn now and then, to be seen
 * again when it recovers: 2 %. */
#define MIN_RATE  (RANK_ONE / 50)
#define MAX_COUNT INT64_C(1000000)
#define MAX_RATIO ((wide)1000 * RANK_ONE)
/* Below this a purchase is as quick as it needs to be: 200 ms. */
#define LATENCY_FLOOR INT64_C(200000)
/* A route without a measurement is taken for this slow: 2 s. */
#define LATENCY_UNKNOWN INT64_C(2000000)

typedef bool refuses_fn(
    const struct rank_rules *rules, const struct candidate *at);

static bool
is_disabled(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return !at->enabled;
}

static bool
lacks_capability(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return !at->can_buy;
}

static bool
lacks_operator(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return !at->has_operator;
}

static bool
is_muted(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->priority <= 0 && at->admin_weight <= 0;
}

static bool
has_no_cost(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->cost <= 0 || at->price <= 0;
}

static bool
lacks_rate(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return !at->has_rate;
}

static bool
has_old_rate(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->is_rate_old;
}

static bool
is_too_dear(const struct rank_rules *rules, const struct candidate *at)
{
	return rules->max_price > 0 && at->price > rules->max_price;
}

static bool
is_under_floor(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->price < at->floor;
}

static bool
is_sold_out(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->stock == 0;
}

static bool
is_backing_off(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->backing_off;
}

static bool
is_float_low(const struct rank_rules *rules, const struct candidate *at)
{
	(void)rules;
	return at->balance < at->cost;
}

/* In the order in which a reason is looked for; the first one is given. */
static const struct {
	const char *name;
	refuses_fn *refuses;
} filters[] = {
    {"disabled", is_disabled},
    {"no_capability", lacks_capability},
    {"operator_not_offered", lacks_operator},
    {"muted", is_muted},
    {"no_exchange_rate", lacks_rate},
    {"exchange_rate_too_old", has_old_rate},
    {"no_cost", has_no_cost},
    {"price_above_limit", is_too_dear},
    {"price_under_floor", is_under_floor},
    {"out_of_stock", is_sold_out},
    {"backing_off", is_backing_off},
    {"float_too_low", is_float_low},
};

static const char *
filter_find(const struct rank_rules *rules, const struct candidate *at)
{
	for (size_t i = 0; i < sizeof(filters) / sizeof(filters[0]); i++)
		if (filters[i].refuses(rules, at))
			return filters[i].name;
	return NULL;
}

/* Largest r with r * r <= v. */
static int64_t
square_root(int64_t v)
{
	int64_t r = 0;

	for (int64_t bit = INT64_C(1) << 31; bit > 0; bit >>= 1) {
		int64_t next = r | bit;

		/* next <= 2^32 - 1: its square fits the wide type only. */
		if ((wide)next * (wide)next <= v)
			r = next;
	}
	return r;
}

/*
 * Wilson score interval (1927), lower end at one standard deviation, over
 * the counts plus the prior:
 *	(p + z2/2n - z sqrt(p(1-p)/n + z2/4n2)) / (1 + z2/n),  z = 1
 * so that four codes of four numbers do not beat 900 of 1000.
 */
int64_t
rank_rate(int64_t delivered, int64_t sold, int64_t published)
{
	int64_t prior = published > 0 ? published : PRIOR_RATE;
	int64_t n;
	int64_t p;
	int64_t root;
	int64_t low;

	sold = sold < 0 ? 0 : sold > MAX_COUNT ? MAX_COUNT : sold;
	delivered = delivered < 0 ? 0 : delivered > sold ? sold : delivered;
	n = sold + PRIOR_SOLD;
	prior = prior > RANK_ONE ? RANK_ONE : prior;
	p = (delivered * RANK_ONE + PRIOR_SOLD * prior) / n;
	root = square_root(
	    p * (RANK_ONE - p) / n + RANK_ONE * RANK_ONE / (4 * n * n));
	low = (p + RANK_ONE / (2 * n) - root) * n / (n + 1);
	return low < MIN_RATE ? MIN_RATE : low;
}

static int64_t
latency_of(const struct candidate *at)
{
	if (at->latency <= 0)
		return LATENCY_UNKNOWN;
	return at->latency < LATENCY_FLOOR ? LATENCY_FLOOR : at->latency;
}

static int64_t
ratio(int64_t value, int64_t best)
{
	wide r;

	law(best > 0); /* a filter lets no other cost through */
	r = (wide)value * RANK_ONE / best;
	return (int64_t)(r > MAX_RATIO ? MAX_RATIO : r);
}

static int64_t
points_of(const struct candidate *at)
{
	int64_t p = at->priority < 0 ? 0 : at->priority;
	int64_t w = at->admin_weight < 0 ? 0 : at->admin_weight;

	if (p > RANK_MAX_POINTS || w > RANK_MAX_POINTS - p)
		return RANK_MAX_POINTS;
	return p + w;
}

/* Stock to which a delivery is as likely to be refused as not. */
#define STOCK_HALF 4
/* What is not known is taken for some. */
#define STOCK_UNKNOWN 10

static int64_t
stock_of(const struct candidate *at)
{
	int64_t n = at->stock < 0 ? STOCK_UNKNOWN : at->stock;

	n = n > MAX_COUNT ? MAX_COUNT : n;
	return n * RANK_ONE / (n + STOCK_HALF);
}

/* log2(v), v > 0, with 32 bits behind the point. Never falls as v grows. */
static int64_t
log2_bits(uint64_t v)
{
	int whole = 63 - __builtin_clzll(v);
	uint64_t m = v << (63 - whole); /* 1 to 2, 63 bits behind the point */
	int64_t log = whole;

	for (int i = 0; i < 32; i++) {
		unsigned_wide square = (unsigned_wide)m * m >> 63;

		log = log * 2 + (square >> 64 != 0);
		m = (uint64_t)(square >> 64 != 0 ? square >> 1 : square);
	}
	return log;
}

/* The same in parts per million. */
static int64_t
log2_ppm(uint64_t v)
{
	return (int64_t)((wide)log2_bits(v) * RANK_ONE >> 32);
}

/* The weighted logarithm of `v` parts per million. */
static int64_t
part_of(int64_t v, int64_t weight)
{
	return (log2_ppm((uint64_t)v) - log2_ppm(RANK_ONE)) * weight /
	    RANK_WEIGHT_ONE;
}

static void
score(const struct rank_rules *rules, const struct candidate *at,
    struct ranked *r)
{
	law(r->cost_ratio > 0 && r->latency_ratio > 0);
	r->by_points = part_of(points_of(at) * RANK_ONE, RANK_WEIGHT_ONE);
	r->by_cost = -part_of(r->cost_ratio, rules->weigh_cost);
	r->by_latency = -part_of(r->latency_ratio, rules->weigh_latency);
	r->by_rate = part_of(r->rate, rules->weigh_rate);
	r->by_stock = part_of(stock_of(at), rules->weigh_stock);
	r->score = r->by_points + r->by_cost + r->by_latency + r->by_rate +
	    r->by_stock;
}

static void
weigh(struct decision *d)
{
	int64_t best_cost = INT64_MAX;
	int64_t best_latency = INT64_MAX;

	for (size_t i = 0; i < d->count; i++) {
		const struct candidate *at = &d->candidates[i];

		d->ranked[i].refused = filter_find(&d->rules, at);
		if (d->ranked[i].refused != NULL)
			continue;
		if (at->cost < best_cost)
			best_cost = at->cost;
		if (latency_of(at) < best_latency)
			best_latency = latency_of(at);
		d->order[d->admitted++] = i;
	}
	for (size_t k = 0; k < d->admitted; k++) {
		const struct candidate *at = &d->candidates[d->order[k]];
		struct ranked *r = &d->ranked[d->order[k]];

		r->cost_ratio = ratio(at->cost, best_cost);
		r->latency_ratio = ratio(latency_of(at), best_latency);
		r->rate = rank_rate(at->delivered, at->sold, at->published);
		score(&d->rules, at, r);
	}
}

/*
 * With u = figure / 2^64: -log2(-log2(u)). The candidate with the greatest
 * score + luck is a draw with chances of 2^score (Gumbel 1954), those after
 * it are one without replacement.
 */
static int64_t
luck_of(uint64_t figure)
{
	int64_t e = (INT64_C(64) << 32) - log2_bits(figure | 1);

	return 32 * RANK_ONE - log2_ppm((uint64_t)(e < 1 ? 1 : e));
}

static bool
is_before(const struct ranked *a, const struct ranked *b)
{
	return a->score + a->luck > b->score + b->luck;
}

/* Every candidate has its luck, refused or not: one that goes away does not
 * change that of the others. */
static void
draw(struct decision *d)
{
	struct seed s = {(uint64_t)d->rules.seed};

	for (size_t i = 0; i < d->count; i++) {
		int64_t luck = luck_of(seed_next(&s));

		if (d->ranked[i].refused == NULL)
			d->ranked[i].luck = luck;
	}
	for (size_t k = 1; k < d->admitted; k++) {
		size_t i = d->order[k];
		size_t to = k;

		for (; to > 0 &&
		     is_before(&d->ranked[i], &d->ranked[d->order[to - 1]]);
		     to--)
			d->order[to] = d->order[to - 1];
		d->order[to] = i;
	}
	for (size_t k = 0; k < d->admitted; k++)
		d->ranked[d->order[k]].place = (int64_t)k + 1;
}

void
rank_apply(struct ctx *c, const struct rank_rules *rules,
    const struct candidate *candidates, size_t count, struct decision *out)
{
	law(count <= 10000);
	*out = (struct decision){
	    .rules = *rules, .candidates = candidates, .count = count};
	out->ranked = arena_many(c->mem, struct ranked, count);
	out->order = arena_many(c->mem, size_t, count);
	weigh(out);
	draw(out);
}
