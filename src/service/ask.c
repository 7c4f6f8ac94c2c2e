#include "service/ask.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/poll_queue.h"
#include "service/report.h"
#include "service/upstream.h"
#include "store/outbox_store.h"

#define LEASE_MS       60000 /* longer than any of these calls */
#define FIRST_RETRY_MS 2000
#define MAX_RETRY_MS   60000
#define EFFORT_TRIES   5 /* for what is best effort */

/* One request to a provider; in the arena of its errand. */
struct asked {
	const struct upstream *upstream; /* held */
	const struct topic *topic;
	struct outbox_row row;
};

/* The topics of the outbox and what each is upstream. */
struct topic {
	const char *name;
	enum upstream_op op;
	bool must; /* repeated until it is answered for good */
};
static const struct topic topics[] = {
    {"cancel", OP_CANCEL, true},
    {"finish", OP_FINISH, false},
    {"resend", OP_RESEND, false},
    {"report", OP_BAN, false},
};
#define TOPICS (sizeof(topics) / sizeof(topics[0]))

/* What a settle gathers, to be written at once. */
struct gathered {
	struct report report;
	struct outbox_end *done, *retry;
	size_t done_count, retry_count;
	struct poll_seat *polls; /* to be asked about now */
	size_t poll_count;
};

static const struct topic *
topic_find(const char *name)
{
	for (size_t i = 0; i < TOPICS; i++)
		if (text_eq(topics[i].name, name))
			return &topics[i];
	return NULL;
}

static enum err
ask_one(struct ctx *c, const struct outbox_row *row, struct errands *out)
{
	const struct topic *topic = topic_find(row->topic);
	const struct upstream *u = upstream_hold(c, row->provider_id);
	const struct vars vars = {.id = row->upstream_id};
	struct errand *errand = NULL;
	struct asked *asked;
	enum err e = ERR_NOT_FOUND;

	if (topic != NULL && u != NULL)
		e = upstream_errand(c, u, topic->op, &vars, &errand);
	if (e != OK) {
		const struct outbox_end end = {
		    row->topic, row->activation_id, row->token, 0, NULL};

		upstream_release(u);
		ctx_forgive(c);
		/* Without a cancel of its own the number runs out upstream. */
		return outbox_store_done(c, &end, 1);
	}
	asked = arena_one(errand->mem, struct asked);
	*asked = (struct asked){.upstream = u, .topic = topic, .row = *row};
	asked->row.topic = topic->name;
	asked->row.activation_id = arena_dup(errand->mem, row->activation_id);
	asked->row.token = arena_dup(errand->mem, row->token);
	asked->row.upstream_id = arena_dup(errand->mem, row->upstream_id);
	errand->item = asked;
	errands_add(out, errand);
	return OK;
}

enum err
ask_plan(struct ctx *c, struct errands *out, bool *more)
{
	static const char *const names[] = {
	    "cancel", "finish", "resend", "report"};
	const struct outbox_claim claim = {.topics = names,
	    .topic_count = TOPICS,
	    .holder = c->holder,
	    .batch = c->conf->worker_batch,
	    .lease_ms = LEASE_MS};
	struct list due = {0};

	TRY(upstreams_refresh(c));
	TRY(outbox_store_claim(c, &claim, &due));
	*more = due.n == (size_t)c->conf->worker_batch;
	for (size_t i = 0; i < due.n; i++)
		TRY(ask_one(c, &((const struct outbox_row *)due.at)[i], out));
	return OK;
}

static int64_t
retry_ms(const struct asked *a, const struct outcome *o)
{
	int64_t ms = FIRST_RETRY_MS;

	if (o->retry_after > 0)
		return o->retry_after / CLOCK_MS;
	for (int64_t i = 1; i < a->row.tries && ms < MAX_RETRY_MS; i++)
		ms *= 2;
	return ms < MAX_RETRY_MS ? ms : MAX_RETRY_MS;
}

/* The provider has decided; nothing is gained by asking again. */
static bool
is_final(const struct asked *a, const struct outcome *o)
{
	if (o->fault == FAULT_NONE)
		return true;
	if (!a->topic->must && a->row.tries >= EFFORT_TRIES)
		return true;
	if (o->fault == FAULT_CANCEL_TOO_EARLY)
		return false;
	switch (fault_action(o->fault, a->topic->op)) {
	case ACTION_SETTLE:
	case ACTION_GIVE_UP:
		return true;
	case ACTION_RECONCILE:
	case ACTION_NONE:
	case ACTION_FAIL_OVER:
	case ACTION_BACK_OFF:
	case ACTION_BREAK:
	case ACTION_DISABLE:
	case ACTION_RETRY:
		return false;
	}
	return false;
}

static bool
gives_back(const struct asked *a)
{
	return a->topic->op == OP_CANCEL || a->topic->op == OP_BAN;
}

static void
gather(struct ctx *c, struct gathered *g, const struct asked *a,
    const struct outcome *o)
{
	struct outbox_end end = {.topic = a->row.topic,
	    .activation_id = a->row.activation_id,
	    .token = a->row.token,
	    .delay_ms = retry_ms(a, o),
	    .error = fault_name(o->fault)};

	log_ev(c, LEVEL_INFO, "ask.answered", L_STR("topic", a->topic->name),
	    L_STR("activation", a->row.activation_id),
	    L_STR("provider", a->upstream->name),
	    L_STR("fault", fault_name(o->fault)));
	if (!is_final(a, o)) {
		g->retry[g->retry_count++] = end;
		return;
	}
	g->done[g->done_count++] = end;
	/* What else a refused cancel may mean is asked by a poll. */
	if (gives_back(a) && (o->fault == FAULT_NONE || o->message_count > 0))
		report_add(c, &g->report, a->row.activation_id, o);
	if (a->topic->op == OP_RESEND || o->fault != FAULT_NONE)
		g->polls[g->poll_count++] =
		    (struct poll_seat){.activation_id = a->row.activation_id,
			.provider_id = a->upstream->id};
}

static enum err
write_all(struct ctx *c, const struct gathered *g)
{
	TRY(report_write(c, &g->report));
	if (g->done_count > 0)
		TRY(outbox_store_done(c, g->done, g->done_count));
	if (g->retry_count > 0)
		TRY(outbox_store_retry(c, g->retry, g->retry_count));
	if (g->poll_count > 0)
		TRY(poll_queue_now(c, g->polls, g->poll_count));
	return OK;
}

enum err
ask_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	size_t n = done->n;
	struct gathered g = {
	    .done = arena_many(c->mem, struct outbox_end, n + 1),
	    .retry = arena_many(c->mem, struct outbox_end, n + 1),
	    .polls = arena_many(c->mem, struct poll_seat, n + 1)};

	(void)more; /* nothing follows */
	for (const struct errand *e = done->first; e != NULL; e = e->next) {
		const struct asked *a = e->item;
		const struct vars vars = {.id = a->row.upstream_id};
		struct outcome o;

		upstream_read(c, a->upstream, a->topic->op, &vars, e, &o);
		/* A cancel that was agreed to gives the money back. */
		if (gives_back(a) && o.fault == FAULT_NONE &&
		    o.refunded == REFUND_UNKNOWN)
			o.refunded = REFUND_YES;
		gather(c, &g, a, &o);
	}
	TRY(write_all(c, &g));
	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		upstream_release(((const struct asked *)e->item)->upstream);
		errand_free(&e);
	}
	return OK;
}
