#include "service/reconcile.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/upstream.h"
#include "service/verdict.h"
#include "service/wake.h"
#include "store/activation_store.h"
#include "store/attempt_store.h"
#include "store/reconcile_store.h"

#define LEASE_MS  120000 /* longer than reading a list to its end */
#define MAX_PAGES 50

/* What one errand finds out about; in its arena. */
struct search {
	const struct upstream *upstream; /* held */
	enum upstream_op op; /* a list for `n`; BALANCE, STATUS, CANCEL: one */
	struct unknown_row *attempts;
	size_t n;
	int64_t offset; /* of the page */
	int page;
	size_t skipped; /* on the pages before it */
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
	return s->op == OP_STATUS || s->op == OP_CANCEL ?
	    s->attempts[0].upstream_id :
	    NULL;
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
	return u != NULL && engine_can(u->descriptor, op);
}

/* One that no list tells of, or that has a number of its own. */
static enum err
search_one(struct ctx *c, enum upstream_op op, struct unknown_row *row,
    struct verdicts *v, struct errands *out)
{
	const struct search one = {.op = op, .attempts = row, .n = 1};
	const struct upstream *u = upstream_hold(c, row->provider_id);

	if (can_search(u, op))
		return plan_search(c, u, &one, out);
	verdict_later(v, row);
	upstream_release(u);
	return OK;
}

/* What tells of a provider's purchases; OP_BUY: nothing does. */
static enum upstream_op
teller_of(struct ctx *c, int64_t provider)
{
	const struct upstream *u = upstream_hold(c, provider);
	const struct reconcile_spec *spec;
	enum upstream_op op = OP_LIST_ACTIVE; /* it may come back */

	if (u == NULL)
		return op;
	spec = &u->descriptor->ops[OP_BUY].reconcile;
	op = spec->present ? (enum upstream_op)spec->op : OP_BUY;
	upstream_release(u);
	return op;
}

/* All due attempts at one provider: those without a phone one by one, the
 * others by one reading of its list. */
static enum err
search_provider(struct ctx *c, struct unknown_row *rows, size_t n,
    struct verdicts *v, struct errands *out)
{
	enum upstream_op teller = teller_of(c, rows[0].provider_id);
	struct search list = {.op = teller,
	    .attempts = arena_many(c->mem, struct unknown_row, n)};
	const struct upstream *u;

	for (size_t i = 0; i < n; i++)
		if (text_eq(rows[i].state, "NUMBER_PENDING"))
			TRY(search_one(c, OP_STATUS, &rows[i], v, out));
		else if (teller == OP_BUY)
			verdict_doubt(
			    v, &rows[i], 0, "", "nothing tells of it");
		else if (teller == OP_BALANCE)
			TRY(search_one(c, OP_BALANCE, &rows[i], v, out));
		else
			list.attempts[list.n++] = rows[i];
	if (list.n == 0)
		return OK;
	u = upstream_hold(c, rows[0].provider_id);
	if (can_search(u, teller))
		return plan_search(c, u, &list, out);
	upstream_release(u);
	for (size_t i = 0; i < list.n; i++)
		verdict_later(v, &list.attempts[i]);
	return OK;
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
	return verdicts_write(c, &v);
}

/* What is known of an item of a list. */
struct sighting {
	bool is_taken;
	int64_t at; /* of its sale, or since when we know of it */
};

/* The same of each item. */
static enum err
find_known(struct ctx *c, const struct search *s, const struct outcome *o,
    struct sighting **out)
{
	struct listed_number *listed =
	    arena_many(c->mem, struct listed_number, o->item_count + 1);
	const struct known_row *known;
	struct list rows = {0};

	*out = arena_many(c->mem, struct sighting, o->item_count + 1);
	for (size_t i = 0; i < o->item_count; i++)
		listed[i].upstream_id = o->items[i].id;
	if (o->item_count == 0)
		return OK;
	TRY(reconcile_store_known(
	    c, s->upstream->id, listed, o->item_count, &rows));
	known = rows.at;
	for (size_t i = 0; i < o->item_count; i++)
		for (size_t k = 0; k < rows.n; k++)
			if (text_eq(known[k].upstream_id, o->items[i].id))
				(*out)[i] = (struct sighting){
				    known[k].is_taken, known[k].seen_at};
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

/* When it was sold, as far as that can be told. */
static int64_t
sold_at(const struct outcome *item, const struct sighting *seen)
{
	if (item->created_at > 0)
		return item->created_at;
	return seen->at > 0 ? seen->at : clock_now();
}

/*
 * The item that `row` bought, marked as taken; NULL when there is none. What
 * was in a list before the call cannot be it.
 */
static const struct outcome *
match(struct ctx *c, const struct search *s, const struct unknown_row *row,
    const struct outcome *o, struct sighting *seen)
{
	const struct vars vars = {.service = row->native_service,
	    .country = row->native_country,
	    .operator= row->native_operator };
	size_t best = o->item_count;

	for (size_t i = 0; i < o->item_count; i++) {
		const struct outcome *item = &o->items[i];

		if (seen[i].is_taken || item->phone == NULL ||
		    (seen[i].at > 0 && seen[i].at < row->started_at) ||
		    !engine_reconcile_fits(c, s->upstream->descriptor, item,
			&vars, row->started_at, row->settle_at))
			continue;
		if (best == o->item_count ||
		    engine_reconcile_prefers(sold_at(item, &seen[i]),
			sold_at(&o->items[best], &seen[best]), row->started_at))
			best = i;
	}
	if (best == o->item_count)
		return NULL;
	seen[best].is_taken = true;
	return &o->items[best];
}

/* It bought one that is over: given back, or paid for nothing. */
static bool
read_ended(struct ctx *c, const struct search *s, const struct unknown_row *row,
    const struct outcome *o, struct sighting *seen, struct verdicts *v)
{
	const struct vars vars = {.service = row->native_service,
	    .country = row->native_country,
	    .operator= row->native_operator };

	for (size_t i = 0; i < o->item_count; i++) {
		const struct outcome *item = &o->items[i];

		if (seen[i].is_taken ||
		    !engine_reconcile_ended(c, s->upstream->descriptor, item,
			&vars, row->started_at, row->settle_at))
			continue;
		seen[i].is_taken = true;
		if (item->refunded == REFUND_YES)
			verdict_absent(v, row, "sold and given back");
		else
			verdict_doubt(v, row,
			    item->cost > 0 ?
				upstream_cost(row->fx_rate, item->cost) :
				0,
			    item->id, "sold and over");
		return true;
	}
	return false;
}

/* That it is not listed proves something only while it would be. */
static void
not_listed(
    const struct search *s, const struct unknown_row *row, struct verdicts *v)
{
	if (clock_now() - row->started_at >
	    engine_keeps(s->upstream->descriptor))
		verdict_doubt(v, row, 0, "", "not listed any more");
	else
		verdict_absent(v, row, "not listed");
}

/* Sold or not, by what the account lacks; not when other money moved. */
static enum err
read_balance(struct ctx *c, const struct search *s, const struct outcome *o,
    struct verdicts *v)
{
	const struct unknown_row *row = &s->attempts[0];
	struct account_moves m = {0};
	int64_t lacks;
	int64_t unsharp; /* each amount was rounded up by itself */

	TRY(reconcile_store_moves(c, row->attempt_id, &m));
	if (!m.is_known) {
		if (m.is_serial)
			verdict_absent(v, row, "never called");
		else
			verdict_doubt(v, row, 0, "", "nothing tells of it");
		return OK;
	}
	lacks = upstream_cost(row->fx_rate, m.before) -
	    upstream_cost(row->fx_rate, o->amount) + m.back;
	unsharp = row->fx_rate == MONEY_ONE ? 0 : m.n + 2;
	if (m.is_unsure || m.before < 0 || o->amount < 0 || lacks < -unsharp ||
	    lacks > row->max_cost + unsharp)
		verdict_later(v, row);
	else if (lacks <= unsharp)
		verdict_absent(v, row, "balance unchanged");
	else
		verdict_doubt(v, row, lacks, "", "sold, its id is not known");
	return OK;
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
	struct sighting *seen = NULL;

	TRY(find_known(c, s, o, &seen));
	next.skipped += o->skipped;
	next.attempts = arena_many(c->mem, struct unknown_row, s->n);
	next.n = 0;
	for (size_t i = 0; i < s->n; i++) {
		const struct unknown_row *row = &s->attempts[i];
		const struct outcome *item = match(c, s, row, o, seen);

		if (item != NULL)
			add_found(c, v, s, row, item);
		else if (read_ended(c, s, row, o, seen, v))
			continue;
		else if (is_last ? next.skipped > 0 : s->page >= MAX_PAGES)
			verdict_later(v, row); /* it may be one of the unread */
		else if (is_last)
			not_listed(s, row, v);
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
			verdict_later(v, &s->attempts[i]);
		return OK;
	}
	if (s->op == OP_LIST_ACTIVE || s->op == OP_HISTORY)
		return read_page(c, s, &o, v, more);
	if (s->op == OP_BALANCE)
		return read_balance(c, s, &o, v);
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
	TRY(verdicts_write(c, &v));
	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		upstream_release(((const struct search *)e->item)->upstream);
		errand_free(&e);
	}
	return OK;
}
