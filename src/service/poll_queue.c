#include "service/poll_queue.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "service/upstream.h"

#define LEASE_MS  60000 /* longer than any status call */
#define AGAIN_MS  1000  /* when PostgreSQL did not say what was taken */
#define REFILL_MS 5000  /* between two looks for what Redis lacks */
#define PAGE      1000
#define IS_OVER   (-1) /* a delay that removes */

static int64_t
interval_ms(const struct ctx *c)
{
	return c->conf->worker_poll_interval / CLOCK_MS;
}

/* What is due in the queues of all accounts. */
static enum err
claim(struct ctx *c, struct pollq_taken *out)
{
	const struct upstream **all = NULL;
	struct pollq_claim claim = {.batch = c->conf->worker_batch,
	    .lease_ms = LEASE_MS,
	    .watch_ms = interval_ms(c)};
	int64_t *ids;

	TRY(upstream_list(c, &all, &claim.provider_count));
	ids = arena_many(c->mem, int64_t, claim.provider_count + 1);
	for (size_t i = 0; i < claim.provider_count; i++) {
		ids[i] = all[i]->id;
		upstream_release(all[i]);
	}
	claim.providers = ids;
	return pollq_store_claim(c, &claim, out);
}

/* Set times in Redis; what fails is put right by the end of the lease. */
static void
set_forgiving(struct ctx *c, const struct poll_seat *seats, size_t n)
{
	if (n > 0 && pollq_store_set(c, seats, n) != OK)
		ctx_forgive(c);
}

/* Their times stand in PostgreSQL still: back to Redis, when it is time. */
static enum err
release(struct ctx *c, const struct poll_seat *seats, size_t n)
{
	const char **ids = arena_many(c->mem, const char *, n + 1);
	size_t due = 0;

	for (size_t i = 0; i < n; i++)
		if (seats[i].delay_ms == 0)
			ids[due++] = seats[i].activation_id;
	return due > 0 ? outbox_store_poll_release(c, ids, due) : OK;
}

/*
 * Keep those whose rows are there and whose times stand in Redis; the others
 * get a new time, or are over. `rows` are in the order of the seats.
 */
static enum err
sift(struct ctx *c, const struct pollq_taken *taken, const struct list *rows,
    struct poll_batch *out)
{
	struct poll_seat *over = arena_many(c->mem, struct poll_seat, taken->n);
	struct poll_seat *sql = arena_many(c->mem, struct poll_seat, taken->n);
	const struct poll_row *row = rows->at;
	const struct poll_row *end = row + rows->n;
	size_t over_count = 0;
	size_t sql_count = 0;

	for (size_t i = 0; i < taken->n; i++) {
		struct poll_seat seat = taken->seats[i];

		if (row == end ||
		    !text_eq(row->activation_id, seat.activation_id)) {
			seat.delay_ms = IS_OVER;
			over[over_count++] = seat;
			continue;
		}
		seat.delay_ms = row->wait_ms;
		if (row->is_from_sql)
			sql[sql_count++] = seat;
		else
			out->rows[out->n++] = row;
		row++;
	}
	TRY(release(c, sql, sql_count));
	for (size_t i = 0; i < sql_count; i++)
		if (sql[i].delay_ms > 0) /* who has it there comes first */
			sql[i].delay_ms += interval_ms(c);
	set_forgiving(c, over, over_count);
	set_forgiving(c, sql, sql_count);
	return OK;
}

static enum err
read_taken(
    struct ctx *c, const struct pollq_taken *taken, struct poll_batch *out)
{
	const char **ids = arena_many(c->mem, const char *, taken->n + 1);
	struct list rows = {0};

	for (size_t i = 0; i < taken->n; i++)
		ids[i] = taken->seats[i].activation_id;
	out->rows = arena_many(c->mem, const struct poll_row *, taken->n + 1);
	out->n = 0;
	out->token = taken->seats[0].token;
	out->more = taken->is_full;
	TRY(outbox_store_poll_these(c, ids, taken->n, &rows));
	return sift(c, taken, &rows, out);
}

/* PostgreSQL could not say what they are: soon again. */
static void
give_back(const struct ctx *c, const struct pollq_taken *taken)
{
	struct ctx aside = *c;

	for (size_t i = 0; i < taken->n; i++)
		taken->seats[i].delay_ms = AGAIN_MS;
	set_forgiving(&aside, taken->seats, taken->n);
}

static enum err
take_from_sql(struct ctx *c, struct poll_batch *out)
{
	int batch = c->conf->worker_batch;
	struct list rows = {0};

	TRY(outbox_store_poll_adopt(c, c->holder, interval_ms(c)));
	TRY(outbox_store_polls(c, c->holder, batch, LEASE_MS, &rows));
	out->rows = arena_many(c->mem, const struct poll_row *, rows.n + 1);
	out->n = rows.n;
	out->more = rows.n == (size_t)batch;
	for (size_t i = 0; i < rows.n; i++)
		out->rows[i] = &((const struct poll_row *)rows.at)[i];
	return OK;
}

enum err
poll_queue_take(struct ctx *c, struct poll_batch *out)
{
	struct pollq_taken taken = {0};
	enum err e;

	*out = (struct poll_batch){0};
	TRY(upstreams_refresh(c));
	if (claim(c, &taken) != OK) {
		ctx_forgive(c);
		return take_from_sql(c, out);
	}
	if (taken.n == 0)
		return OK;
	e = read_taken(c, &taken, out);
	if (e != OK)
		give_back(c, &taken);
	return e;
}

/* In PostgreSQL those that were taken there, or all when Redis is away. */
static enum err
later_in_sql(struct ctx *c, const struct poll_seat *seats, size_t n, bool all)
{
	struct poll_later *later = arena_many(c->mem, struct poll_later, n + 1);
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (all || seats[i].token == NULL)
			later[count++] = (struct poll_later){
			    seats[i].activation_id, seats[i].delay_ms};
	return count > 0 ? outbox_store_poll_later(c, later, count) : OK;
}

enum err
poll_queue_later(struct ctx *c, const struct poll_seat *seats, size_t n)
{
	bool is_lost;

	if (n == 0)
		return OK;
	is_lost = pollq_store_set(c, seats, n) != OK;
	if (is_lost)
		ctx_forgive(c);
	return later_in_sql(c, seats, n, is_lost);
}

enum err
poll_queue_now(struct ctx *c, const struct poll_seat *seats, size_t n)
{
	set_forgiving(c, seats, n);
	return later_in_sql(c, seats, n, true);
}

void
poll_queue_add(struct ctx *c, const struct poll_seat *seats, size_t n)
{
	if (n > 0 && pollq_store_add(c, seats, n) != OK)
		ctx_forgive(c);
}

/*
 * A number that Redis lacks was perhaps asked about a moment ago, or is at
 * this moment: one interval is waited, and the page spread over another.
 */
static void
spread(const struct ctx *c, struct poll_seat *seats, size_t n)
{
	int64_t interval = interval_ms(c);

	for (size_t i = 0; i < n; i++)
		if (seats[i].delay_ms == 0)
			seats[i].delay_ms =
			    interval + interval * (int64_t)i / (int64_t)n;
}

enum err
poll_queue_refill(struct ctx *c, struct errands *none, bool *more)
{
	const char *after = "";
	struct list page = {.n = PAGE};
	bool mine = false;

	(void)none;
	*more = false;
	if (pollq_store_turn(c, REFILL_MS, &mine) != OK)
		ctx_forgive(c); /* nothing to fill while it is away */
	while (mine && page.n == PAGE) {
		struct poll_seat *seats;

		TRY(outbox_store_poll_list(c, after, PAGE, &page));
		seats = arena_many(c->mem, struct poll_seat, page.n + 1);
		if (page.n == 0)
			break;
		memcpy(seats, page.at, page.n * sizeof(*seats));
		after = seats[page.n - 1].activation_id;
		spread(c, seats, page.n);
		poll_queue_add(c, seats, page.n);
	}
	return OK;
}
