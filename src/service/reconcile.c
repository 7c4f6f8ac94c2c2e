#include "service/reconcile.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/upstream.h"
#include "service/wake.h"
#include "store/activation_store.h"
#include "store/attempt_store.h"
#include "store/reconcile_store.h"

#define LEASE_MS   120000 /* longer than reading a list to its end */
#define AGAIN_MS   10000  /* after a fault */
#define PENDING_MS 2000   /* a phone that is still to come */
#define MAX_PAGES  50

/* What one errand finds out about; in its arena. */
struct search {
	const struct upstream *upstream; /* held */
	enum upstream_op op; /* LIST_ACTIVE for `n`, STATUS or CANCEL of one */
	struct unknown_row *attempts;
	size_t n;
	int64_t offset; /* of the page */
	int page;
	size_t skipped; /* on the pages before it */
};

/* What a settle has found, to be written at once. */
struct verdicts {
	struct attempt_end *found;
	struct attempt_verdict *absent, *lost, *later, *pending;
	size_t found_count, absent_count, lost_count, later_count,
	    pending_count;
};

static struct unknown_row
copy_row(struct arena *mem, const struct unknown_row *row)
{
	struct unknown_row out = *row;

	out.attempt_id = arena_dup(mem, row->attempt_id);
	out.token = arena_dup(mem, row->token);
	out.state = arena_dup(mem, row->state);
	out.activation_id = arena_dup(mem, row->activation_id);
	out.native_service = arena_dup(mem, row->native_service);
	out.native_country = arena_dup(mem, row->native_country);
	out.native_operator = arena_dup(mem, row->native_operator);
	out.upstream_id = arena_dup(mem, row->upstream_id);
	out.service = NULL;
	out.country = NULL;
	out.operator= NULL;
	out.cause = NULL;
	return out;
}

/* Which order it is about; NULL for the list of all. */
static const char *
id_of(const struct search *s)
{
	return s->op == OP_LIST_ACTIVE ? NULL : s->attempts[0].upstream_id;
}

static enum err
plan_search(struct ctx *c, const struct upstream *u, const struct search *what,
    struct errands *out)
{
	const struct vars vars = {.id = id_of(what), .offset = what->offset};
	struct errand *errand = NULL;
	struct search *s;
	enum err e = upstream_errand(c, u, what->op, &vars, &errand);

	if (e != OK) {
		upstream_release(u);
		return e;
	}
	s = arena_one(errand->mem, struct search);
	*s = *what;
	s->upstream = u;
	s->attempts = arena_many(errand->mem, struct unknown_row, what->n);
	for (size_t i = 0; i < what->n; i++)
		s->attempts[i] = copy_row(errand->mem, &what->attempts[i]);
	errand->item = s;
	errands_add(out, errand);
	return OK;
}

static bool
can_search(const struct upstream *u, enum upstream_op op)
{
	if (u == NULL || !engine_can(u->descriptor, op))
		return false;
	return op != OP_LIST_ACTIVE ||
	    u->descriptor->ops[OP_BUY].reconcile.present;
}

/* Nobody can be asked: give up when the time for that has come. */
static void
cannot_ask(struct verdicts *v, const struct unknown_row *row)
{
	const struct attempt_verdict verdict = {
	    row->attempt_id, row->token, "undecidable", 0, ""};

	if (row->may_give_up)
		v->lost[v->lost_count++] = verdict;
	else
		v->later[v->later_count++] = verdict;
}

static struct verdicts
verdicts_new(struct ctx *c, size_t n)
{
	return (struct verdicts){
	    .found = arena_many(c->mem, struct attempt_end, n + 1),
	    .absent = arena_many(c->mem, struct attempt_verdict, n + 1),
	    .lost = arena_many(c->mem, struct attempt_verdict, n + 1),
	    .later = arena_many(c->mem, struct attempt_verdict, n + 1),
	    .pending = arena_many(c->mem, struct attempt_verdict, n + 1)};
}

static void
log_rows(struct ctx *c, const char *verdict, const struct list *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct verdict_row *row =
		    &((const struct verdict_row *)rows->at)[i];

		log_ev(c, LEVEL_INFO, "reconcile.decided",
		    L_STR("activation", row->activation_id),
		    L_STR("verdict", verdict), L_STR("status", row->status));
		if (row->state != ACTIVATION_RESERVED) /* else: again */
			wake_watchers(c, row->activation_id);
	}
}

static enum err
write_found(struct ctx *c, const struct verdicts *v)
{
	struct list rows = {0};

	if (v->found_count == 0)
		return OK;
	TRY(attempt_store_activate(c, v->found, v->found_count, &rows));
	for (size_t i = 0; i < rows.n; i++) {
		const struct attempt_row *row =
		    &((const struct attempt_row *)rows.at)[i];

		log_ev(c, LEVEL_INFO, "reconcile.decided",
		    L_STR("activation", row->activation_id),
		    L_STR("verdict", "found"), L_STR("status", row->status));
		wake_watchers(c, row->activation_id);
	}
	return OK;
}

static enum err
write_absent(struct ctx *c, const struct verdicts *v)
{
	struct list rows = {0};

	if (v->absent_count == 0)
		return OK;
	TRY(reconcile_store_absent(c, v->absent, v->absent_count, &rows));
	log_rows(c, "absent", &rows);
	wake_task(c, "lease"); /* ordered again */
	return OK;
}

static enum err
write_lost(struct ctx *c, const struct verdicts *v)
{
	struct list rows = {0};

	if (v->lost_count == 0)
		return OK;
	TRY(reconcile_store_doubt(c, v->lost, v->lost_count, &rows));
	log_rows(c, "given up", &rows);
	return OK;
}

static enum err
write_verdicts(struct ctx *c, const struct verdicts *v)
{
	TRY(write_found(c, v));
	TRY(write_absent(c, v));
	TRY(write_lost(c, v));
	if (v->later_count > 0)
		TRY(reconcile_store_postpone(
		    c, v->later, v->later_count, AGAIN_MS));
	if (v->pending_count > 0)
		TRY(reconcile_store_postpone(
		    c, v->pending, v->pending_count, PENDING_MS));
	return OK;
}

/* All due attempts at one provider: those without a phone one by one, the
 * others by one reading of its list. */
static enum err
search_provider(struct ctx *c, struct unknown_row *rows, size_t n,
    struct verdicts *v, struct errands *out)
{
	struct search list = {.op = OP_LIST_ACTIVE,
	    .attempts = arena_many(c->mem, struct unknown_row, n)};

	for (size_t i = 0; i < n; i++) {
		bool pending = text_eq(rows[i].state, "NUMBER_PENDING");
		struct search one = {
		    .op = OP_STATUS, .attempts = &rows[i], .n = 1};
		const struct upstream *u =
		    upstream_hold(c, rows[i].provider_id);

		if (!can_search(u, pending ? OP_STATUS : OP_LIST_ACTIVE)) {
			cannot_ask(v, &rows[i]);
			upstream_release(u);
		} else if (pending) {
			TRY(plan_search(c, u, &one, out));
		} else {
			list.attempts[list.n++] = rows[i];
			upstream_release(u);
		}
	}
	if (list.n == 0)
		return OK;
	return plan_search(
	    c, upstream_hold(c, rows[0].provider_id), &list, out);
}

enum err
reconcile_plan(struct ctx *c, struct errands *out, bool *more)
{
	struct list due = {0};
	struct unknown_row *rows;
	struct verdicts v;
	bool *taken;

	TRY(upstreams_refresh(c));
	TRY(reconcile_store_due(c, c->conf->worker_batch, LEASE_MS, &due));
	*more = due.n == (size_t)c->conf->worker_batch;
	rows = due.at;
	v = verdicts_new(c, due.n);
	taken = arena_many(c->mem, bool, due.n + 1);
	for (size_t i = 0; i < due.n; i++) {
		struct unknown_row *mine =
		    arena_many(c->mem, struct unknown_row, due.n);
		size_t n = 0;

		for (size_t k = i; k < due.n; k++)
			if (!taken[k] &&
			    rows[k].provider_id == rows[i].provider_id) {
				taken[k] = true;
				mine[n++] = rows[k];
			}
		if (n > 0)
			TRY(search_provider(c, mine, n, &v, out));
	}
	return write_verdicts(c, &v);
}

/* Which items of a list attempts know already; index by item. */
static enum err
find_known(
    struct ctx *c, const struct search *s, const struct outcome *o, bool **out)
{
	struct listed_number *listed =
	    arena_many(c->mem, struct listed_number, o->item_count + 1);
	const struct known_row *known;
	struct list rows = {0};

	*out = arena_many(c->mem, bool, o->item_count + 1);
	for (size_t i = 0; i < o->item_count; i++)
		listed[i].upstream_id = o->items[i].id;
	if (o->item_count == 0)
		return OK;
	TRY(reconcile_store_known(
	    c, s->upstream->id, listed, o->item_count, &rows));
	known = rows.at;
	for (size_t i = 0; i < o->item_count; i++)
		for (size_t k = 0; k < rows.n && !(*out)[i]; k++)
			(*out)[i] =
			    text_eq(known[k].upstream_id, o->items[i].id);
	return OK;
}

static void
add_found(struct ctx *c, struct verdicts *v, const struct search *s,
    const struct unknown_row *row, const struct outcome *item)
{
	int64_t wait = s->upstream->descriptor->ops[OP_CANCEL].not_before_s;
	int64_t since =
	    item->created_at > 0 ? item->created_at : row->started_at;

	v->found[v->found_count++] = (struct attempt_end){.id = row->attempt_id,
	    .token = row->token,
	    .upstream = item->id != NULL ? item->id : row->upstream_id,
	    .phone = item->phone,
	    .cost = item->cost >= 0 ? upstream_cost(row->fx_rate, item->cost) :
				      row->max_cost,
	    .until = item->expires_at > 0 ? item->expires_at :
					    since + c->conf->lease_ttl,
	    .cancel_from = wait > 0 ? since + wait * CLOCK_SECOND : 0};
}

/* The item that `row` bought, marked as taken; NULL when there is none. */
static const struct outcome *
match(struct ctx *c, const struct search *s, const struct unknown_row *row,
    const struct outcome *o, bool *known)
{
	const struct vars vars = {.service = row->native_service,
	    .country = row->native_country,
	    .operator= row->native_operator };

	for (size_t i = 0; i < o->item_count; i++)
		if (!known[i] && o->items[i].phone != NULL &&
		    engine_reconcile_fits(c, s->upstream->descriptor,
			&o->items[i], &vars, row->started_at, row->settle_at)) {
			known[i] = true;
			return &o->items[i];
		}
	return NULL;
}

/*
 * The list goes from new to old and is behind all that is looked for, as one
 * that tells of every number there ever was soon is.
 */
static bool
is_behind(const struct search *s, const struct outcome *o)
{
	int64_t before =
	    s->upstream->descriptor->ops[OP_BUY].reconcile.before_s;
	int64_t from = s->attempts[0].started_at;
	const struct outcome *item = o->items;

	for (size_t i = 1; i < s->n; i++)
		if (s->attempts[i].started_at < from)
			from = s->attempts[i].started_at;
	for (size_t i = 0; i < o->item_count; i++)
		if (item[i].created_at == 0 ||
		    (i > 0 && item[i].created_at > item[i - 1].created_at))
			return false;
	return o->item_count > 1 &&
	    item[o->item_count - 1].created_at < item[0].created_at &&
	    item[o->item_count - 1].created_at < from - before * CLOCK_SECOND;
}

/* There may be more behind a full page. */
static bool
is_last_page(const struct search *s, const struct outcome *o)
{
	int64_t size = s->upstream->descriptor->ops[s->op].page_size;

	return size == 0 || (int64_t)(o->item_count + o->skipped) < size ||
	    is_behind(s, o);
}

static enum err
read_page(struct ctx *c, const struct search *s, const struct outcome *o,
    struct verdicts *v, struct errands *more)
{
	struct search next = *s;
	bool is_last = is_last_page(s, o);
	const struct upstream *u;
	bool *known = NULL;

	TRY(find_known(c, s, o, &known));
	next.skipped += o->skipped;
	next.attempts = arena_many(c->mem, struct unknown_row, s->n);
	next.n = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct unknown_row *row = &s->attempts[i];
		const struct outcome *item = match(c, s, row, o, known);

		if (item != NULL)
			add_found(c, v, s, row, item);
		else if (is_last ? next.skipped > 0 : s->page >= MAX_PAGES)
			cannot_ask(v, row); /* it may be one of the unread */
		else if (is_last)
			v->absent[v->absent_count++] =
			    (struct attempt_verdict){.id = row->attempt_id,
				.token = row->token,
				.cause = "not listed"};
		else
			next.attempts[next.n++] = *row;
	}
	if (next.n == 0)
		return OK;
	next.offset += s->upstream->descriptor->ops[s->op].page_size;
	next.page++;
	u = upstream_hold(c, s->upstream->id);
	if (u == NULL)
		return OK; /* its account is gone; the claim ends */
	return plan_search(c, u, &next, more);
}

/* Nobody waits for its phone any more. */
static bool
is_given_back(struct ctx *c, const struct unknown_row *row)
{
	return row->activation_state == ACTIVATION_CANCELLING ||
	    clock_now() - row->started_at > c->conf->worker_phone_wait;
}

/* One number whose phone was to come later. */
static enum err
read_one(struct ctx *c, const struct search *s, const struct outcome *o,
    struct verdicts *v, struct errands *more)
{
	const struct unknown_row *row = &s->attempts[0];
	const struct attempt_verdict verdict = {.id = row->attempt_id,
	    .token = row->token,
	    .cause = upstream_state_name(o->state)};
	struct search cancel = *s;

	if (o->phone != NULL)
		add_found(c, v, s, row, o);
	else if (upstream_state_is_final(o->state))
		v->absent[v->absent_count++] = verdict;
	else if (!is_given_back(c, row) || !can_search(s->upstream, OP_CANCEL))
		v->pending[v->pending_count++] = verdict;
	else {
		cancel.op = OP_CANCEL;
		return plan_search(
		    c, upstream_hold(c, s->upstream->id), &cancel, more);
	}
	return OK;
}

/* It was given back without ever having had a phone. */
static void
read_cancel(const struct search *s, struct verdicts *v)
{
	v->absent[v->absent_count++] =
	    (struct attempt_verdict){.id = s->attempts[0].attempt_id,
		.token = s->attempts[0].token,
		.cause = "no phone"};
}

static enum err
read_answer(struct ctx *c, const struct errand *errand, struct verdicts *v,
    struct errands *more)
{
	const struct search *s = errand->item;
	const struct vars vars = {.id = id_of(s), .offset = s->offset};
	struct outcome o;

	upstream_read(c, s->upstream, s->op, &vars, errand, &o);
	if (o.fault != FAULT_NONE) {
		for (size_t i = 0; i < s->n; i++)
			cannot_ask(v, &s->attempts[i]);
		return OK;
	}
	if (s->op == OP_LIST_ACTIVE)
		return read_page(c, s, &o, v, more);
	if (s->op == OP_STATUS)
		return read_one(c, s, &o, v, more);
	read_cancel(s, v);
	return OK;
}

enum err
reconcile_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	struct verdicts v;
	size_t n = 0;

	for (const struct errand *e = done->first; e != NULL; e = e->next)
		n += ((const struct search *)e->item)->n;
	v = verdicts_new(c, n);
	for (const struct errand *e = done->first; e != NULL; e = e->next)
		TRY(read_answer(c, e, &v, more));
	TRY(write_verdicts(c, &v));
	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		upstream_release(((const struct search *)e->item)->upstream);
		errand_free(&e);
	}
	return OK;
}
