#include "provider/rank.h"

#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "provider/seed.h"

__extension__ typedef __int128 wide;

/* A route nobody tried yet counts as 2 codes of 4 numbers. */
#define PRIOR_DELIVERED 2
#define PRIOR_SOLD      4
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
rank_rate(int64_t delivered, int64_t sold)
{
	int64_t n;
	int64_t k;
	int64_t p;
	int64_t root;
	int64_t low;

	sold = sold < 0 ? 0 : sold > MAX_COUNT ? MAX_COUNT : sold;
	delivered = delivered < 0 ? 0 : delivered > sold ? sold : delivered;
	n = sold + PRIOR_SOLD;
	k = delivered + PRIOR_DELIVERED;
	p = k * RANK_ONE / n;
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

/* At most RANK_MAX_POINTS * RANK_ONE; at least 1, so that it can be drawn. */
static int64_t
weight_of(const struct candidate *at, const struct ranked *r)
{
	wide w = points_of(at);

	law(r->cost_ratio > 0 && r->latency_ratio > 0);
	w = w * RANK_ONE;
	w = w * RANK_ONE / r->cost_ratio;
	w = w * RANK_ONE / r->latency_ratio;
	w = w * r->rate / RANK_ONE;
	return w < 1 ? 1 : (int64_t)w;
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
		r->rate = rank_rate(at->delivered, at->sold);
		r->weight = weight_of(at, r);
	}
}

/* Which of order[from..] the figure falls on. */
static size_t
pick(const struct decision *d, size_t from, uint64_t figure)
{
	size_t k = from;

	for (; k + 1 < d->admitted; k++) {
		uint64_t w = (uint64_t)d->ranked[d->order[k]].weight;

		if (figure < w)
			break;
		figure -= w;
	}
	return k;
}

/* Move the drawn one to `to`; the others keep their order. */
static void
move_up(size_t *order, size_t to, size_t from)
{
	size_t drawn = order[from];

	memmove(&order[to + 1], &order[to], (from - to) * sizeof(*order));
	order[to] = drawn;
}

static void
draw(struct decision *d)
{
	struct seed s = {(uint64_t)d->rules.seed};
	uint64_t total = 0;

	for (size_t k = 0; k < d->admitted; k++)
		total += (uint64_t)d->ranked[d->order[k]].weight;
	for (size_t k = 0; k < d->admitted; k++) {
		uint64_t figure = seed_below(&s, total);
		struct ranked *r;

		move_up(d->order, k, pick(d, k, figure));
		r = &d->ranked[d->order[k]];
		r->draw = (int64_t)figure;
		r->place = (int64_t)k + 1;
		total -= (uint64_t)r->weight;
	}
}

void
rank_apply(struct ctx *c, const struct rank_rules *rules,
    const struct candidate *candidates, size_t count, struct decision *out)
{
	/* More would let the sum of the weights leave int64. */
	law(count <= 10000);
	*out = (struct decision){
	    .rules = *rules, .candidates = candidates, .count = count};
	out->ranked = arena_many(c->mem, struct ranked, count);
	out->order = arena_many(c->mem, size_t, count);
	weigh(out);
	draw(out);
}
