#include "service/orphan.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/upstream.h"
#include "store/reconcile_store.h"

#define LEASE_MS    60000
#define RETRY_MS    30000
#define RUNS_OUT_MS 600000
#define MAX_PAGES   50
#define KEPT_US \
	(INT64_C(24) * 3600 * CLOCK_SECOND) /* then the cost is a loss */

/* What an errand is about; in its arena. */
struct look {
	const struct upstream *upstream; /* held */
	enum upstream_op op;
	int page; /* of a list, from 0 */
	struct orphan_row
	    orphan; /* of a cancel, and of the question after it */
};

static struct vars
vars_of(const struct upstream *u, const struct look *look)
{
	return (struct vars){.id = look->orphan.upstream_id,
	    .offset = look->page * u->descriptor->ops[look->op].page_size};
}

static void
drop(struct errand **e)
{
	upstream_release(((const struct look *)(*e)->item)->upstream);
	errand_free(e);
}

/* Ask `u`, which it takes over, with a copy of what `what` says. */
static enum err
plan(struct ctx *c, const struct upstream *u, const struct look *what,
    struct errands *out)
{
	const struct vars vars = vars_of(u, what);
	struct errand *errand = NULL;
	struct look *look;
	enum err e = upstream_errand(c, u, what->op, &vars, &errand);

	if (e != OK) {
		upstream_release(u);
		return e;
	}
	look = arena_one(errand->mem, struct look);
	*look = *what;
	look->upstream = u;
	look->orphan.upstream_id =
	    arena_dup(errand->mem, what->orphan.upstream_id);
	look->orphan.token = arena_dup(errand->mem, what->orphan.token);
	look->orphan.reason = arena_dup(errand->mem, what->orphan.reason);
	errand->item = look;
	errands_add(out, errand);
	return OK;
}

enum err
orphan_list_plan(struct ctx *c, struct errands *out, bool *more)
{
	const struct look first = {.op = OP_LIST_ACTIVE};
	const struct upstream **all = NULL;
	size_t n = 0;

	*more = false;
	TRY(upstream_list(c, &all, &n));
	for (size_t i = 0; i < n; i++)
		if (!engine_can(all[i]->descriptor, OP_LIST_ACTIVE))
			upstream_release(all[i]);
		else if (plan(c, all[i], &first, out) != OK)
			ctx_forgive(c); /* the next listing tries again */
	return OK;
}

static enum err
write_down(struct ctx *c, const struct upstream *u, const struct outcome *o)
{
	struct listed_number *listed =
	    arena_many(c->mem, struct listed_number, o->item_count + 1);
	size_t n = 0;

	for (size_t i = 0; i < o->item_count; i++) {
		const struct outcome *item = &o->items[i];

		if (item->id == NULL || upstream_state_is_final(item->state))
			continue;
		listed[n++] = (struct listed_number){.upstream_id = item->id,
		    .service = item->service != NULL ? item->service : "",
		    .country = item->country != NULL ? item->country : "",
		    .cost = item->cost >= 0 ?
			upstream_cost(u->fx_rate, item->cost) :
			0};
	}
	return n > 0 ? reconcile_store_listed(c, u->id, listed, n) : OK;
}

/*
 * Behind a full page are more, but none that run behind one without any: some
 * lists go from new to old through all that ever were.
 */
static enum err
turn_page(struct ctx *c, const struct look *look, const struct outcome *o,
    struct errands *more)
{
	int64_t size = look->upstream->descriptor->ops[look->op].page_size;
	const struct upstream *u;
	struct look next = *look;
	size_t running = 0;

	for (size_t i = 0; i < o->item_count; i++)
		running += !upstream_state_is_final(o->items[i].state);
	if (size == 0 || (int64_t)(o->item_count + o->skipped) < size ||
	    running == 0 || ++next.page >= MAX_PAGES)
		return OK;
	u = upstream_hold(c, look->upstream->id);
	return u != NULL ? plan(c, u, &next, more) : OK;
}

static enum err
read_page(struct ctx *c, const struct errand *e, struct errands *more)
{
	const struct look *look = e->item;
	const struct vars vars = vars_of(look->upstream, look);
	struct outcome o;

	upstream_read(c, look->upstream, look->op, &vars, e, &o);
	if (o.fault != FAULT_NONE)
		return OK;
	TRY(write_down(c, look->upstream, &o));
	return turn_page(c, look, &o, more);
}

enum err
orphan_list_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	enum err worst = OK;

	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		enum err failed = read_page(c, e, more);

		if (failed != OK)
			worst = failed; /* the next listing sees it again */
		drop(&e);
	}
	return worst;
}

/* Those that do not end are an operator's matter; each is told of once. */
static enum err
tell_old(struct ctx *c)
{
	const struct orphan_row *rows;
	struct list old = {0};

	TRY(reconcile_store_old_orphans(c, c->conf->worker_batch, &old));
	rows = old.at;
	for (size_t i = 0; i < old.n; i++)
		log_ev(c, LEVEL_WARN, "orphan.old",
		    L_I64("provider", rows[i].provider_id),
		    L_STR("upstream", rows[i].upstream_id),
		    L_STR("reason", rows[i].reason),
		    L_I64("cost", rows[i].cost));
	return OK;
}

/* Of a provider that cannot be asked: it runs out there by itself. */
static enum err
let_run_out(struct ctx *c, const struct orphan_row *orphan)
{
	bool is_over = clock_now() - orphan->first_at > KEPT_US;
	const struct orphan_end end = {.orphan = orphan,
	    .outcome = is_over ? "unknown" : "retry",
	    .delay_ms = RUNS_OUT_MS,
	    .error = "cannot be cancelled"};

	return reconcile_store_orphan_end(c, &end);
}

/* Give it back; where nothing can be given back, ask how it is. */
static enum err
plan_cancel(struct ctx *c, const struct orphan_row *orphan, struct errands *out)
{
	const struct upstream *u = upstream_hold(c, orphan->provider_id);
	struct look look = {.op = OP_CANCEL, .orphan = *orphan};

	if (u != NULL && !engine_can(u->descriptor, OP_CANCEL))
		look.op = OP_STATUS;
	if (u != NULL && engine_can(u->descriptor, look.op))
		return plan(c, u, &look, out);
	upstream_release(u);
	return let_run_out(c, orphan);
}

enum err
orphan_cancel_plan(struct ctx *c, struct errands *out, bool *more)
{
	const struct orphan_row *rows;
	struct list due = {0};

	TRY(upstreams_refresh(c));
	TRY(tell_old(c));
	TRY(reconcile_store_orphans(c, c->conf->worker_batch, LEASE_MS, &due));
	*more = due.n == (size_t)c->conf->worker_batch;
	rows = due.at;
	for (size_t i = 0; i < due.n; i++)
		if (plan_cancel(c, &rows[i], out) != OK)
			ctx_forgive(c); /* its claim ends, then again */
	return OK;
}

static bool
is_closed(const struct outcome *o)
{
	return o->fault == FAULT_NOT_FOUND || o->fault == FAULT_ALREADY_CLOSED;
}

static const char *
not_now(const struct orphan_row *orphan)
{
	return clock_now() - orphan->first_at > KEPT_US ? "kept" : "retry";
}

/* What the answer to a cancel means: cancelled, kept, retry, or unknown. */
static const char *
fate(const struct orphan_row *orphan, const struct outcome *o)
{
	if (o->fault == FAULT_NONE)
		return "cancelled";
	if (o->fault == FAULT_HAS_SMS || o->fault == FAULT_CANCEL_EXPIRED)
		return "kept";
	return is_closed(o) ? "unknown" : not_now(orphan);
}

/*
 * One that was closed before may have been given back by a cancel whose
 * answer was lost, or have run out with an SMS, which is paid for.
 */
static const char *
fate_of_closed(const struct orphan_row *orphan, const struct outcome *o)
{
	if (o->message_count > 0 || o->refunded == REFUND_NO)
		return "kept";
	if (is_closed(o))
		return "unknown";
	if (o->fault != FAULT_NONE || !upstream_state_is_final(o->state))
		return not_now(orphan);
	return o->refunded == REFUND_YES ? "cancelled" : "unknown";
}

/* How it was closed. */
static enum err
ask_how(struct ctx *c, const struct look *look, struct errands *more)
{
	const struct upstream *u = upstream_hold(c, look->upstream->id);
	const struct look question = {.op = OP_STATUS, .orphan = look->orphan};

	if (u == NULL)
		return OK; /* its account is gone; the claim ends */
	return plan(c, u, &question, more);
}

static enum err
settle_one(struct ctx *c, const struct errand *e, struct errands *more)
{
	const struct look *look = e->item;
	const struct vars vars = {.id = look->orphan.upstream_id};
	struct orphan_end end = {.orphan = &look->orphan, .error = ""};
	struct outcome o;

	upstream_read(c, look->upstream, look->op, &vars, e, &o);
	if (look->op == OP_CANCEL && is_closed(&o) &&
	    engine_can(look->upstream->descriptor, OP_STATUS))
		return ask_how(c, look, more);
	end.outcome = look->op == OP_STATUS ? fate_of_closed(end.orphan, &o) :
					      fate(end.orphan, &o);
	end.delay_ms = o.retry_after > 0 ? o.retry_after / CLOCK_MS : RETRY_MS;
	if (o.fault != FAULT_NONE)
		end.error = fault_name(o.fault);
	else if (text_eq(end.outcome, "unknown"))
		end.error = "refund not said";
	log_ev(c, LEVEL_INFO, "orphan.asked",
	    L_STR("provider", look->upstream->name),
	    L_STR("upstream", look->orphan.upstream_id),
	    L_STR("reason", look->orphan.reason), L_STR("fate", end.outcome));
	return reconcile_store_orphan_end(c, &end);
}

enum err
orphan_cancel_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	enum err worst = OK;

	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		enum err failed = settle_one(c, e, more);

		if (failed != OK)
			worst = failed; /* its claim ends, then again */
		drop(&e);
	}
	return worst;
}
