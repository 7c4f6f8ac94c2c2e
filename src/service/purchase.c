#include "service/purchase.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/exchange.h"
#include "service/poll_queue.h"
#include "service/route.h"
#include "service/upstream.h"
#include "service/wake.h"
#include "store/provider_store.h"
#include "store/reconcile_store.h"

#define CLAIM_RESERVE_US (10 * CLOCK_SECOND) /* claim, beyond the call */
#define PENDING_AGAIN_MS 2000 /* when to ask for a phone that comes later */

/* How a purchase went. */
enum sort { SORT_SOLD, SORT_PENDING, SORT_REFUSED, SORT_UNKNOWN, SORT__MAX };

/* The errands of one sort and what is written about each. */
struct pile {
	struct errands errands;
	struct attempt_end *ends;
	struct exchange *said;
	size_t n;
};

enum err
purchase_plan(struct ctx *c, struct errands *out, bool *more)
{
	int64_t lease = c->conf->worker_buy_timeout + CLAIM_RESERVE_US;
	struct list orders = {0};

	TRY(attempt_store_claim(
	    c, c->holder, c->conf->worker_batch, lease / CLOCK_MS, &orders));
	*more = orders.n == (size_t)c->conf->worker_batch;
	return route_orders(c, orders.at, orders.n, out);
}

static enum sort
sort_of(const struct outcome *o)
{
	if (o->fault == FAULT_NONE)
		return o->phone != NULL ? SORT_SOLD : SORT_PENDING;
	switch (fault_action(o->fault, OP_BUY)) {
	case ACTION_FAIL_OVER:
	case ACTION_BACK_OFF:
	case ACTION_BREAK:
	case ACTION_DISABLE:
		return SORT_REFUSED;
	case ACTION_NONE:
	case ACTION_RECONCILE:
	case ACTION_SETTLE:
	case ACTION_GIVE_UP:
	case ACTION_RETRY:
		return SORT_UNKNOWN;
	}
	return SORT_UNKNOWN;
}

static int64_t
cancel_from(const struct upstream *u)
{
	int64_t wait = u->descriptor->ops[OP_CANCEL].not_before_s;

	return wait > 0 ? clock_now() + wait * CLOCK_SECOND : 0;
}

static struct attempt_end
end_of(struct ctx *c, const struct purchase *p, const struct outcome *o)
{
	return (struct attempt_end){.id = p->attempt,
	    .token = p->token,
	    .cause = fault_name(o->fault),
	    .upstream = arena_dup(c->mem, o->id),
	    .phone = arena_dup(c->mem, o->phone),
	    .cost = o->cost >= 0 ? upstream_cost(p->fx_rate, o->cost) : p->cost,
	    .until = o->expires_at > 0 ? o->expires_at :
					 clock_now() + c->conf->lease_ttl,
	    .cancel_from = cancel_from(p->upstream)};
}

static void
log_purchase(struct ctx *c, const struct purchase *p, const struct errand *e,
    const struct outcome *o)
{
	log_ev(c, LEVEL_INFO, "purchase.answered",
	    L_STR("activation", p->order.activation_id),
	    L_STR("provider", p->upstream->name),
	    L_STR("fault", fault_name(o->fault)), L_STR("rule", o->rule),
	    L_I64("status", e->status), L_I64("us", e->took_us));
}

static void
drop(struct errand **e)
{
	const struct purchase *p = (*e)->item;

	upstream_release(p->upstream);
	errand_free(e);
}

/*
 * The balance is known: write it down, then buy. *refused: that is not
 * possible any more, and nothing was bought.
 */
static enum err
buy_after(struct ctx *c, const struct purchase *p, const struct outcome *o,
    struct errands *more, bool *refused)
{
	struct purchase next = *p;
	enum err e;

	*refused = true;
	if (o->fault != FAULT_NONE)
		return OK;
	e = reconcile_store_balance(c, p->attempt, p->token, o->amount);
	if (e != OK)
		return e == ERR_CONFLICT ? OK : e;
	next.op = OP_BUY;
	next.upstream = upstream_hold(c, p->upstream->id);
	if (next.upstream == NULL)
		return OK;
	TRY(route_call(c, &next, more));
	*refused = false;
	return OK;
}

/*
 * The balances that were asked before their purchases leave `done`; those
 * that could not be written are kept for the next time.
 */
static void
buy_all_after(struct ctx *c, struct errands *done, struct errands *more,
    struct errands *kept, struct pile *refused)
{
	struct errands rest = {0};

	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		const struct purchase *p = e->item;
		const struct vars vars = {0};
		bool failed = false;
		struct outcome o;

		if (p->op == OP_BUY) {
			errands_add(&rest, e);
			continue;
		}
		upstream_read(c, p->upstream, OP_BALANCE, &vars, e, &o);
		if (buy_after(c, p, &o, more, &failed) != OK) {
			ctx_forgive(c);
			errands_add(kept, e);
		} else if (failed) {
			refused->said[refused->n] =
			    exchange_of(c, p->upstream, p->attempt, e, &o);
			refused->ends[refused->n++] = end_of(c, p, &o);
			errands_add(&refused->errands, e);
		} else {
			drop(&e);
		}
	}
	*done = rest;
}

/* Read every answer and lay its errand on the pile of its sort. */
static void
sort_all(struct ctx *c, struct errands *done, struct pile piles[SORT__MAX])
{
	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		const struct purchase *p = e->item;
		const struct vars vars = {.service = p->service,
		    .country = p->country,
		    .operator= p->operator,
		    .max_price = p->max_native };
		struct outcome o;
		struct pile *pile;

		upstream_read(c, p->upstream, OP_BUY, &vars, e, &o);
		log_purchase(c, p, e, &o);
		pile = &piles[sort_of(&o)];
		pile->said[pile->n] =
		    exchange_of(c, p->upstream, p->attempt, e, &o);
		pile->ends[pile->n++] = end_of(c, p, &o);
		errands_add(&pile->errands, e);
	}
}

/* How quick the offers are, for ranking them; losing some is no failure. */
static void
time_sold(struct ctx *c, const struct errands *sold)
{
	struct offer_latency *all =
	    arena_many(c->mem, struct offer_latency, sold->n + 1);
	size_t n = 0;

	for (const struct errand *e = sold->first; e != NULL; e = e->next) {
		const struct purchase *p = e->item;

		if (e->took_us > 0)
			all[n++] = (struct offer_latency){p->offer, e->took_us};
	}
	if (n > 0 && provider_store_latencies(c, all, n) != OK)
		ctx_forgive(c);
}

/* Their SMS may come from now on. */
static void
poll_sold(struct ctx *c, const struct errands *sold)
{
	struct poll_seat *seats =
	    arena_many(c->mem, struct poll_seat, sold->n + 1);
	size_t n = 0;

	for (const struct errand *e = sold->first; e != NULL; e = e->next) {
		const struct purchase *p = e->item;

		seats[n++] =
		    (struct poll_seat){.activation_id = p->order.activation_id,
			.provider_id = p->upstream->id};
	}
	poll_queue_add(c, seats, n);
}

/*
 * After a pile is written: those whose activation is still RESERVED and was
 * definitely not sold go on to the next provider, the others are answered;
 * whose phone comes later, when it comes.
 */
static enum err
follow(struct ctx *c, enum sort sort, struct pile *pile,
    const struct list *rows, struct errands *more)
{
	struct lease_order *again =
	    arena_many(c->mem, struct lease_order, pile->n + 1);
	struct errands finished = {0};
	enum err e;
	size_t n = 0;

	for (size_t i = 0; i < rows->n; i++) {
		const struct attempt_row *row =
		    &((const struct attempt_row *)rows->at)[i];
		struct errand *errand = errands_take(&pile->errands);
		const struct purchase *p = errand->item;
		bool returned = text_eq(row->status, "wrong_country");

		if (returned)
			wake_task(c, "orphans");
		if (text_eq_ci(row->state, "reserved") &&
		    (returned ||
			(sort == SORT_REFUSED && text_eq(row->status, "ok"))))
			again[n++] = p->order;
		else if (sort == SORT_PENDING && text_eq(row->status, "ok"))
			wake_watch(c, p->order.activation_id, p->order.reply);
		else
			wake_reply(c, p->order.reply, p->order.activation_id);
		errands_add(&finished, errand);
	}
	e = route_orders(c, again, n, more);
	for (struct errand *errand; (errand = errands_take(&finished)) != NULL;)
		drop(&errand);
	return e;
}

static enum err
write_pile(
    struct ctx *c, enum sort sort, const struct pile *pile, struct list *rows)
{
	switch (sort) {
	case SORT_SOLD:
		return attempt_store_activate(c, pile->ends, pile->n, rows);
	case SORT_PENDING:
		return attempt_store_pending(
		    c, pile->ends, pile->n, PENDING_AGAIN_MS, rows);
	case SORT_REFUSED:
		return attempt_store_fail(c, pile->ends, pile->n, rows);
	case SORT_UNKNOWN:
	case SORT__MAX:
		break;
	}
	return attempt_store_unknown(c, pile->ends, pile->n, rows);
}

enum err
purchase_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	struct pile piles[SORT__MAX] = {0};
	struct errands kept = {0};
	size_t n = done->n;
	enum err worst = OK;

	for (int s = 0; s < SORT__MAX; s++) {
		piles[s].ends = arena_many(c->mem, struct attempt_end, n + 1);
		piles[s].said = arena_many(c->mem, struct exchange, n + 1);
	}
	buy_all_after(c, done, more, &kept, &piles[SORT_REFUSED]);
	sort_all(c, done, piles);
	errands_join(done, &kept);
	for (int s = 0; s < SORT__MAX; s++) {
		struct pile *pile = &piles[s];
		struct list rows = {0};
		enum err e;

		if (pile->n == 0)
			continue;
		e = write_pile(c, (enum sort)s, pile, &rows);
		if (e == OK && s == SORT_SOLD) {
			poll_sold(c, &pile->errands);
			time_sold(c, &pile->errands);
		}
		if (e == OK)
			e = follow(c, (enum sort)s, pile, &rows, more);
		exchange_write(c, pile->said, pile->n);
		errands_join(done, &pile->errands); /* not written: again */
		if (e != OK)
			worst = e;
	}
	return worst;
}
