#include "service/poll.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/poll_queue.h"
#include "service/report.h"
#include "service/upstream.h"

#define BATCH_PAYS 3  /* numbers from which one list is cheaper */
#define MAX_PAGES  50 /* of one list */
#define BACK_OFF   4  /* times the interval, after a fault */
#define EARLY_US   (INT64_C(2) * 60 * CLOCK_SECOND)
#define LATE_US    (INT64_C(5) * 60 * CLOCK_SECOND)
#define NO_SUCH_MS 10000 /* when its provider is not known here */

/* What one errand asks about; in its arena. */
struct question {
	const struct upstream *upstream; /* held */
	enum upstream_op op;             /* STATUS, or POLL_BATCH for all */
	const char *token;               /* of the claim, or NULL */
	struct poll_row *numbers;
	size_t n;
	int64_t offset; /* of the page of the list */
};

/* Numbers of one account, to ask about. */
struct due {
	int64_t provider;
	const char *token;
	const struct poll_row *const *rows;
	size_t n;
	int64_t offset;
};

/* What a settle gathers, to be written at once. */
struct gathered {
	struct report report;
	struct poll_seat *later;
	size_t n;
	const char **known; /* once more, that were missing */
	size_t known_count;
};

static struct poll_row
copy_row(struct arena *mem, const struct poll_row *row)
{
	struct poll_row out = *row;

	out.activation_id = arena_dup(mem, row->activation_id);
	out.upstream_id = arena_dup(mem, row->upstream_id);
	out.service = NULL;
	out.country = NULL;
	return out;
}

/* Plan one question about the numbers of the account `u`, which it holds. */
static enum err
ask(struct ctx *c, const struct upstream *u, enum upstream_op op,
    const struct due *due, struct errands *out)
{
	const struct vars vars = {
	    .id = op == OP_STATUS ? due->rows[0]->upstream_id : NULL,
	    .offset = due->offset};
	struct errand *errand = NULL;
	struct question *q;
	enum err e = upstream_errand(c, u, op, &vars, &errand);

	if (e != OK) {
		upstream_release(u);
		return e;
	}
	q = arena_one(errand->mem, struct question);
	*q = (struct question){.upstream = u,
	    .op = op,
	    .token = arena_dup(errand->mem, due->token),
	    .n = due->n,
	    .offset = due->offset};
	q->numbers = arena_many(errand->mem, struct poll_row, due->n);
	for (size_t i = 0; i < due->n; i++)
		q->numbers[i] = copy_row(errand->mem, due->rows[i]);
	errand->item = q;
	errands_add(out, errand);
	return OK;
}

/* Its provider is not known here. */
static enum err
put_off(struct ctx *c, const struct due *due)
{
	struct poll_seat *seats = arena_many(c->mem, struct poll_seat, due->n);

	for (size_t i = 0; i < due->n; i++)
		seats[i] = (struct poll_seat){
		    .activation_id = due->rows[i]->activation_id,
		    .provider_id = due->provider,
		    .delay_ms = NO_SUCH_MS,
		    .token = due->token};
	return poll_queue_later(c, seats, due->n);
}

static enum err
ask_provider(struct ctx *c, const struct due *due, struct errands *out)
{
	const struct upstream *u = upstream_hold(c, due->provider);

	if (u == NULL)
		return put_off(c, due);
	if (due->n >= BATCH_PAYS && engine_can(u->descriptor, OP_POLL_BATCH))
		return ask(c, u, OP_POLL_BATCH, due, out);
	for (size_t i = 0; i < due->n; i++) {
		const struct upstream *own =
		    i + 1 < due->n ? upstream_hold(c, due->provider) : u;
		const struct due one = {
		    due->provider, due->token, &due->rows[i], 1, 0};

		TRY(ask(c, own, OP_STATUS, &one, out));
	}
	return OK;
}

enum err
poll_plan(struct ctx *c, struct errands *out, bool *more)
{
	struct poll_batch batch;
	const struct poll_row **mine;
	bool *taken;

	TRY(poll_queue_take(c, &batch));
	*more = batch.more;
	mine = arena_many(c->mem, const struct poll_row *, batch.n + 1);
	taken = arena_many(c->mem, bool, batch.n + 1);
	for (size_t i = 0; i < batch.n; i++) {
		struct due due = {
		    batch.rows[i]->provider_id, batch.token, mine, 0, 0};

		for (size_t k = i; k < batch.n; k++)
			if (!taken[k] &&
			    batch.rows[k]->provider_id == due.provider) {
				taken[k] = true;
				mine[due.n++] = batch.rows[k];
			}
		if (due.n > 0)
			TRY(ask_provider(c, &due, out));
	}
	return OK;
}

/* Often while codes usually come, rarer after; a wake-up asks at once. */
static int64_t
next_ms(struct ctx *c, const struct poll_row *row, const struct outcome *o)
{
	int64_t base = c->conf->worker_poll_interval / CLOCK_MS;
	int64_t age = clock_now() - row->activated_at;

	if (o->fault != FAULT_NONE)
		return o->retry_after > 0 ? o->retry_after / CLOCK_MS :
					    base * BACK_OFF;
	if (row->has_sms || age > LATE_US)
		return base * 4;
	return age > EARLY_US ? base * 2 : base;
}

static void
gather(struct ctx *c, struct gathered *g, const struct question *q,
    const struct poll_row *row, const struct outcome *o)
{
	report_add(c, &g->report, row->activation_id, o);
	if (row->was_missing && o->fault == FAULT_NONE)
		g->known[g->known_count++] = row->activation_id;
	g->later[g->n++] =
	    (struct poll_seat){.activation_id = row->activation_id,
		.provider_id = row->provider_id,
		.delay_ms = next_ms(c, row, o),
		.is_firm = o->fault != FAULT_NONE,
		.token = q->token};
}

static const struct outcome *
item_of(const struct outcome *list, const char *upstream_id)
{
	for (size_t i = 0; i < list->item_count; i++)
		if (text_eq(list->items[i].id, upstream_id))
			return &list->items[i];
	return NULL;
}

static void
ask_again(struct ctx *c, enum upstream_op op, const struct due *due,
    struct errands *more)
{
	const struct upstream *u = upstream_hold(c, due->provider);

	if (u != NULL && ask(c, u, op, due, more) != OK)
		ctx_forgive(c); /* the claim ends, then they are due again */
}

/* Behind a full page there may be more. */
static int64_t
next_offset(const struct question *q, const struct outcome *o)
{
	int64_t size = q->upstream->descriptor->ops[q->op].page_size;

	if (size == 0 || (int64_t)(o->item_count + o->skipped) < size ||
	    q->offset / size + 1 >= MAX_PAGES)
		return 0;
	return q->offset + size;
}

/*
 * Numbers that a page of their provider's list lacks are looked for on the
 * next one; one by one when there is none, or when they are few.
 */
static void
ask_missing(struct ctx *c, const struct question *q, const struct outcome *o,
    const struct poll_row *const *rows, size_t n, struct errands *more)
{
	const struct due rest = {
	    q->upstream->id, q->token, rows, n, next_offset(q, o)};

	if (n >= BATCH_PAYS && rest.offset > 0) {
		ask_again(c, OP_POLL_BATCH, &rest, more);
		return;
	}
	for (size_t i = 0; i < n; i++) {
		const struct due one = {
		    q->upstream->id, q->token, &rows[i], 1, 0};

		ask_again(c, OP_STATUS, &one, more);
	}
}

static void
read_answer(struct ctx *c, const struct errand *errand, struct gathered *g,
    struct errands *more)
{
	const struct question *q = errand->item;
	const struct vars vars = {
	    .id = q->op == OP_STATUS ? q->numbers[0].upstream_id : NULL,
	    .offset = q->offset};
	const struct poll_row **missing =
	    arena_many(c->mem, const struct poll_row *, q->n);
	size_t missing_count = 0;
	struct outcome o;

	upstream_read(c, q->upstream, q->op, &vars, errand, &o);
	for (size_t i = 0; i < q->n; i++) {
		const struct poll_row *row = &q->numbers[i];
		const struct outcome *item = &o;

		/* That a list is not found says nothing of a number. */
		if (q->op == OP_POLL_BATCH && o.fault == FAULT_NOT_FOUND)
			item = NULL;
		else if (q->op == OP_POLL_BATCH && o.fault == FAULT_NONE)
			item = item_of(&o, row->upstream_id);
		if (item == NULL)
			missing[missing_count++] = row;
		else
			gather(c, g, q, row, item);
	}
	ask_missing(c, q, &o, missing, missing_count, more);
}

enum err
poll_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	struct gathered g = {0};
	size_t numbers = 0;

	for (const struct errand *e = done->first; e != NULL; e = e->next)
		numbers += ((const struct question *)e->item)->n;
	g.later = arena_many(c->mem, struct poll_seat, numbers + 1);
	g.known = arena_many(c->mem, const char *, numbers + 1);
	for (const struct errand *e = done->first; e != NULL; e = e->next)
		read_answer(c, e, &g, more);
	TRY(report_write(c, &g.report));
	if (g.known_count > 0)
		TRY(outbox_store_poll_known(c, g.known, g.known_count));
	TRY(poll_queue_later(c, g.later, g.n));
	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		upstream_release(((const struct question *)e->item)->upstream);
		errand_free(&e);
	}
	return OK;
}
