#include "service/route.h"

#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/law.h"
#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "provider/rank.h"
#include "service/errand.h"
#include "service/fx.h"
#include "service/upstream.h"
#include "service/wake.h"
#include "store/catalogue_store.h"
#include "store/decision_store.h"
#include "store/outbox_store.h"
#include "store/reconcile_store.h"

#define WAIT_MS     500 /* between two looks at a busy provider */
#define MAX_TRIES   3   /* attempts for one lease */
#define ANY         "any"
#define CALL_MARGIN CLOCK_SECOND /* from the intent to the call's start */

/* One order on its way through here. */
struct routed {
	const struct lease_order *order;
	const struct candidate_row *row; /* the chosen offer; NULL nobody */
	bool waits; /* nobody now, but one whose purchase is not decided */
	struct attempt_new attempt;
};

/* All orders of one call; element i belongs to orders[i]. */
struct routing {
	struct routed *at;
	size_t n;
	const struct candidate_row *rows;
	size_t row_count;
	struct exposure_row *exposed; /* one per row */
};

static bool
was_tried(struct ctx *c, const struct lease_order *o, int64_t provider)
{
	const char *id = arena_fmt(c->mem, ",%" PRId64 ",", provider);

	return strstr(o->tried, id) != NULL;
}

/* The offers of all routes of the orders, read at once. */
static enum err
read_offers(struct ctx *c, const struct lease_order *orders, struct routing *r)
{
	const char **services = arena_many(c->mem, const char *, r->n);
	const char **countries = arena_many(c->mem, const char *, r->n);
	struct list rows = {0};
	size_t pairs = 0;

	for (size_t i = 0; i < r->n; i++) {
		bool known = false;

		for (size_t k = 0; k < pairs && !known; k++)
			known = text_eq(services[k], orders[i].service) &&
			    text_eq(countries[k], orders[i].country);
		if (known)
			continue;
		services[pairs] = orders[i].service;
		countries[pairs++] = orders[i].country;
	}
	TRY(catalogue_store_candidates(c, services, countries, pairs, &rows));
	r->rows = rows.at;
	r->row_count = rows.n;
	return OK;
}

static int64_t
balance_of(const struct candidate_row *row)
{
	int64_t out = INT64_MAX;

	if (row->balance != INT64_MAX)
		(void)money_scale_up(
		    row->balance, row->fx_rate, MONEY_ONE, &out);
	return out;
}

static enum engine_proof
proof_of(struct ctx *c, int64_t provider)
{
	const struct upstream *u = upstream_hold(c, provider);
	enum engine_proof proof =
	    u != NULL ? engine_proof(u->descriptor) : PROOF_LIST;

	upstream_release(u);
	return proof;
}

/* What is at stake at those of the providers that have no list. */
static enum err
read_exposure(struct ctx *c, struct routing *r)
{
	const struct exposure_row *found;
	struct list rows = {0};
	bool matters = false;

	r->exposed = arena_many(c->mem, struct exposure_row, r->row_count + 1);
	for (size_t i = 0; i < r->row_count && !matters; i++)
		matters = proof_of(c, r->rows[i].provider_id) != PROOF_LIST;
	if (!matters)
		return OK;
	TRY(reconcile_store_exposure(c, &rows));
	found = rows.at;
	for (size_t i = 0; i < r->row_count; i++)
		for (size_t k = 0; k < rows.n; k++)
			if (found[k].provider_id == r->rows[i].provider_id)
				r->exposed[i] = found[k];
	return OK;
}

/* One more purchase at the provider of `row`: the next orders see it. */
static void
expose(struct routing *r, const struct candidate_row *row)
{
	for (size_t i = 0; i < r->row_count; i++)
		if (r->rows[i].provider_id == row->provider_id) {
			r->exposed[i].amount += row->cost;
			r->exposed[i].is_busy = true;
		}
}

/* Its purchases are made one at a time, and one is open. */
static bool
is_busy(struct ctx *c, const struct routing *r, size_t i)
{
	return proof_of(c, r->rows[i].provider_id) == PROOF_SERIAL &&
	    r->exposed[i].is_busy;
}

/* What could be lost there has come to its bound. */
static bool
is_exposed(struct ctx *c, const struct routing *r, size_t i)
{
	int64_t left = balance_of(&r->rows[i]);
	int64_t cap = c->conf->provider_exposure_cap;
	int64_t share = left == INT64_MAX || left < 0 ?
	    0 :
	    left / 10000 * c->conf->provider_exposure_share;

	return proof_of(c, r->rows[i].provider_id) != PROOF_LIST &&
	    r->exposed[i].amount + r->rows[i].cost >
	    (share > cap ? share : cap);
}

/* How a quoted lease may be bought: at a profit, or down to its loss cap. */
enum quoted { QUOTED_AT_PROFIT, QUOTED_AT_LOSS };

/* The price of a quote stands, and so does what it may cost. */
static void
apply_quote(
    const struct lease_order *o, enum quoted quoted, struct candidate *at)
{
	if (at->price > o->hold_amount)
		at->price = o->hold_amount;
	if (quoted == QUOTED_AT_LOSS)
		at->floor = at->cost - (o->quoted_cost - o->hold_amount);
}

static struct candidate
candidate_of(
    struct ctx *c, const struct lease_order *o, const struct candidate_row *row)
{
	const struct upstream *u = upstream_hold(c, row->provider_id);
	enum fx_state rate = fx_state(c, row->currency, row->fx_at);
	struct candidate out = {.provider = row->provider,
	    .offer = row->offer_id,
	    .operator= row->operator,
	    .rule = row->rule_id,
	    .enabled = row->enabled && row->price > 0,
	    .can_buy = u != NULL && engine_can(u->descriptor, OP_BUY),
	    .backing_off =
		upstream_blocked_until(c, row->provider_id) > clock_mono() ||
		was_tried(c, o, row->provider_id),
	    .has_operator = text_eq(o->operator, ANY) ||
		text_eq(o->operator, row->operator),
	    .has_rate = rate != FX_UNKNOWN,
	    .is_rate_old = rate == FX_OLD,
	    .cost = row->cost,
	    .price = row->price,
	    .floor = row->floor,
	    .stock = row->stock,
	    .balance = balance_of(row),
	    .priority = row->priority,
	    .admin_weight = row->admin_weight,
	    .latency = row->latency_us,
	    .sold = row->ended,
	    .delivered = row->delivered,
	    .published = row->published_rate};

	upstream_release(u);
	return out;
}

static int64_t
new_seed(void)
{
	int64_t seed;

	law(getrandom(&seed, sizeof(seed), 0) == (ssize_t)sizeof(seed));
	return seed;
}

/* The candidates of one order, drawn; row i of `rows` is candidate i. */
static void
rank(struct ctx *c, const struct routing *r, const struct lease_order *o,
    enum quoted quoted, const struct candidate_row **rows, struct decision *out)
{
	struct candidate *list =
	    arena_many(c->mem, struct candidate, r->row_count + 1);
	struct rank_rules rules = {.max_price = o->hold_amount,
	    .seed = new_seed(),
	    .weigh_cost = c->conf->route_weigh_cost,
	    .weigh_latency = c->conf->route_weigh_latency,
	    .weigh_rate = c->conf->route_weigh_delivery,
	    .weigh_stock = c->conf->route_weigh_stock};
	size_t n = 0;

	for (size_t i = 0; i < r->row_count; i++) {
		const struct candidate_row *row = &r->rows[i];

		if (!text_eq(row->service, o->service) ||
		    !text_eq(row->country, o->country))
			continue;
		list[n] = candidate_of(c, o, row);
		list[n].backing_off = list[n].backing_off ||
		    is_exposed(c, r, i) || is_busy(c, r, i);
		if (o->quoted_cost > 0)
			apply_quote(o, quoted, &list[n]);
		rows[n++] = row;
	}
	rank_apply(c, &rules, list, n, out);
}

/*
 * The most that a number from there may cost: what still earns the floor out
 * of what is held, with a quote what that allows to lose, and never less than
 * the list says, for which the offer was admitted.
 */
static int64_t
cap_of(const struct lease_order *o, const struct candidate_row *offer)
{
	int64_t cap = o->quoted_cost > 0 ? o->quoted_cost : o->cost_cap;

	return cap > offer->cost ? cap : offer->cost;
}

/* Only a purchase that is open keeps an offer of its route from it. */
static bool
may_wait(struct ctx *c, const struct routing *r, const struct lease_order *o)
{
	for (size_t i = 0; i < r->row_count; i++) {
		const struct candidate_row *row = &r->rows[i];

		if (text_eq(row->service, o->service) &&
		    text_eq(row->country, o->country) && row->enabled &&
		    row->stock > 0 && !was_tried(c, o, row->provider_id) &&
		    is_busy(c, r, i))
			return true;
	}
	return false;
}

/* Draw the provider of one order and write its attempt, not yet stored. */
static void
choose(struct ctx *c, struct routing *r, struct routed *one)
{
	const struct lease_order *o = one->order;
	const struct candidate_row **rows =
	    arena_many(c->mem, const struct candidate_row *, r->row_count + 1);
	struct decision decision;
	struct buf text;
	char id[ID_SIZE];

	if (o->attempts >= MAX_TRIES)
		return;
	rank(c, r, o, QUOTED_AT_PROFIT, rows, &decision);
	if (decision.admitted == 0 && o->quoted_cost > 0)
		rank(c, r, o, QUOTED_AT_LOSS, rows, &decision);
	buf_init(&text, c->mem);
	rank_print(&text, &decision);
	one->attempt = (struct attempt_new){
	    .seed = decision.rules.seed, .decision = text.at};
	if (decision.admitted == 0) {
		one->waits = may_wait(c, r, o);
		return;
	}
	one->row = rows[decision.order[0]];
	expose(r, one->row);
	id_new(id);
	one->attempt = (struct attempt_new){.id = arena_dup(c->mem, id),
	    .activation = o->activation_id,
	    .order_token = o->token,
	    .provider = one->row->provider_id,
	    .service = one->row->native_service,
	    .country = one->row->native_country,
	    .operator= one->row->operator,
	    .max_cost = cap_of(o, one->row),
	    .late_ms = c->conf->worker_settle / CLOCK_MS,
	    .seed = decision.rules.seed,
	    .decision = text.at};
}

static struct lease_order
copy_order(struct arena *mem, const struct lease_order *o)
{
	struct lease_order out = *o;

	out.activation_id = arena_dup(mem, o->activation_id);
	out.token = arena_dup(mem, o->token);
	out.service = arena_dup(mem, o->service);
	out.country = arena_dup(mem, o->country);
	out.operator= arena_dup(mem, o->operator);
	out.reply = arena_dup(mem, o->reply);
	out.tried = arena_dup(mem, o->tried);
	return out;
}

/* The same in the currency of the upstream, which is told not to take more. */
static int64_t
max_native(const struct lease_order *o, const struct candidate_row *offer)
{
	int64_t room = 0;

	if (!money_scale_up(cap_of(o, offer), MONEY_ONE, offer->fx_rate, &room))
		room = 0;
	room -= room > 0; /* rounded up: not by a micro more */
	return room > offer->native_cost ? room : offer->native_cost;
}

enum err
route_call(struct ctx *c, const struct purchase *what, struct errands *out)
{
	const struct vars vars = {.service = what->service,
	    .country = what->country,
	    .operator= what->operator,
	    .max_price = what->max_native,
	    .ref = what->attempt};
	struct errand *errand = NULL;
	struct purchase *p;
	enum err e =
	    upstream_errand(c, what->upstream, what->op, &vars, &errand);

	if (e != OK) {
		upstream_release(what->upstream);
		return e;
	}
	p = arena_one(errand->mem, struct purchase);
	*p = *what;
	p->order = copy_order(errand->mem, &what->order);
	p->attempt = arena_dup(errand->mem, what->attempt);
	p->token = arena_dup(errand->mem, what->token);
	p->service = arena_dup(errand->mem, what->service);
	p->country = arena_dup(errand->mem, what->country);
	p->operator= arena_dup(errand->mem, what->operator);
	errand->item = p;
	errand->timeout_ms = (int)(c->conf->worker_buy_timeout / CLOCK_MS);
	errand->over_by = what->over_by;
	if (what->op != OP_BUY)
		errand->rank = ERRAND_ASK; /* a purchase waits for it */
	errands_add(out, errand);
	return OK;
}

/* Where the balance is all there is to see, that is asked before. */
static enum upstream_op
first_call(const struct descriptor *d)
{
	return d->ops[OP_BUY].reconcile.present &&
		d->ops[OP_BUY].reconcile.op == OP_BALANCE ?
	    OP_BALANCE :
	    OP_BUY;
}

/*
 * The errand that buys what `one` decided, its attempt being committed. One
 * that can only be decided by what is seen afterwards has its provider for
 * itself.
 */
static enum err
plan_purchase(struct ctx *c, const struct routed *one,
    const struct attempt_row *row, int64_t over_by, struct errands *out)
{
	const struct upstream *u = upstream_hold(c, one->attempt.provider);
	const struct candidate_row *offer = one->row;
	struct purchase p = {.order = *one->order,
	    .upstream = u,
	    .attempt = row->attempt_id,
	    .token = row->token,
	    .service = offer->native_service,
	    .country = offer->native_country,
	    .operator= offer->operator,
	    .max_native = max_native(one->order, offer),
	    .cost = offer->cost,
	    .fx_rate = row->fx_rate,
	    .offer = offer->offer_id,
	    .over_by = over_by};

	law(u != NULL); /* candidate_of() saw it, and it is not forgotten */
	p.op = first_call(u->descriptor);
	p.order.attempts++;
	p.order.tried =
	    arena_fmt(c->mem, "%s%" PRId64 ",", one->order->tried, u->id);
	if (engine_proof(u->descriptor) == PROOF_SERIAL) {
		enum err e =
		    reconcile_store_alone(c, row->attempt_id, row->token);

		if (e != OK) {
			upstream_release(u);
			return e;
		}
	}
	return route_call(c, &p, out);
}

/* Nothing was sent, and nothing will be. */
static void
unplanned(struct ctx *c, const struct attempt_row *row)
{
	const struct attempt_end end = {
	    .id = row->attempt_id, .token = row->token, .cause = "not called"};
	struct list rows = {0};

	log_ev(c, LEVEL_WARN, "purchase.unplanned",
	    L_STR("activation", row->activation_id), L_STR("why", c->err_why));
	ctx_forgive(c);
	if (attempt_store_fail(c, &end, 1, &rows) != OK)
		ctx_forgive(c); /* reconcile finds it */
}

/*
 * Commit the attempts, then plan their calls: never the other way round. The
 * database counts the time of a call from the commit on; here it is counted
 * from before it, so that no call is made when it is over there.
 */
static enum err
start(struct ctx *c, const struct routing *r, struct errands *out)
{
	struct attempt_new *all = arena_many(c->mem, struct attempt_new, r->n);
	const struct routed **chosen =
	    arena_many(c->mem, const struct routed *, r->n);
	int64_t call = c->conf->worker_buy_timeout + CALL_MARGIN;
	int64_t over_by = clock_mono() + call;
	struct list rows = {0};
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->at[i].row != NULL) {
			chosen[n] = &r->at[i];
			all[n++] = r->at[i].attempt;
		}
	if (n == 0)
		return OK;
	TRY(attempt_store_start(c, all, n, call / CLOCK_MS, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct attempt_row *row =
		    &((const struct attempt_row *)rows.at)[i];

		if (!text_eq(row->status, "ok"))
			continue; /* somebody else decides about it now */
		if (plan_purchase(c, chosen[i], row, over_by, out) != OK)
			unplanned(c, row);
	}
	return OK;
}

/* What was weighed in vain; losing it is no failure. */
static void
keep_decisions(struct ctx *c, const struct routing *r)
{
	struct attempt_new *all = arena_many(c->mem, struct attempt_new, r->n);
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->at[i].row == NULL && r->at[i].attempt.decision != NULL) {
			all[n] = r->at[i].attempt;
			all[n].activation = r->at[i].order->activation_id;
			all[n++].order_token = r->at[i].order->token;
		}
	if (n > 0 && decision_store_keep(c, all, n) != OK)
		ctx_forgive(c);
}

/* Nobody is left for these: fail them, tell who waits. */
static enum err
give_up(struct ctx *c, const struct routing *r)
{
	const char **ids = arena_many(c->mem, const char *, r->n);
	const char **tokens = arena_many(c->mem, const char *, r->n);
	const char **causes = arena_many(c->mem, const char *, r->n);
	const char **replies = arena_many(c->mem, const char *, r->n);
	struct list rows = {0};
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++) {
		if (r->at[i].row != NULL || r->at[i].waits)
			continue;
		ids[n] = r->at[i].order->activation_id;
		tokens[n] = r->at[i].order->token;
		replies[n] = r->at[i].order->reply;
		causes[n++] = "no_numbers";
	}
	if (n == 0)
		return OK;
	keep_decisions(c, r);
	TRY(attempt_store_give_up(c, ids, tokens, causes, n, &rows));
	for (size_t i = 0; i < n; i++)
		wake_reply(c, replies[i], ids[i]);
	return OK;
}

/* Those that wait for a purchase to be decided come again soon. */
static enum err
put_off(struct ctx *c, const struct routing *r)
{
	struct outbox_end *all = arena_many(c->mem, struct outbox_end, r->n);
	size_t n = 0;

	for (size_t i = 0; i < r->n; i++)
		if (r->at[i].waits)
			all[n++] = (struct outbox_end){.topic = "lease",
			    .activation_id = r->at[i].order->activation_id,
			    .token = r->at[i].order->token,
			    .delay_ms = WAIT_MS,
			    .error = "one at a time"};
	return n > 0 ? outbox_store_retry(c, all, n) : OK;
}

enum err
route_orders(struct ctx *c, const struct lease_order *orders, size_t n,
    struct errands *out)
{
	struct routing r = {
	    .at = arena_many(c->mem, struct routed, n + 1), .n = n};

	if (n == 0)
		return OK;
	TRY(upstreams_refresh(c));
	TRY(read_offers(c, orders, &r));
	TRY(read_exposure(c, &r));
	for (size_t i = 0; i < n; i++) {
		r.at[i].order = &orders[i];
		choose(c, &r, &r.at[i]);
	}
	TRY(put_off(c, &r));
	TRY(start(c, &r, out));
	return give_up(c, &r);
}
