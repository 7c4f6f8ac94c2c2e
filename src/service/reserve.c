#include "service/reserve.h"

#include <pthread.h>
#include <stddef.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/law.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "service/admit.h"
#include "service/lease.h"
#include "service/wake.h"
#include "store/activation_store.h"
#include "store/catalogue_store.h"

#define THREAD_MEMORY ((size_t)16 << 20) /* of one batch */
#define MEMORY        ((size_t)1 << 20)  /* of one reservation */

/* Has memory of its own: its request may hang up while it is written. */
struct reservation {
	struct arena *mem;
	struct reserver *reserver;
	struct reservation *next;
	struct lease_ask ask;
	struct activation_new new;
	bool is_priced;   /* by a quote */
	int64_t deadline; /* of its request */
	/* A committer's, until it is decided. */
	enum err no_price;
	const char *no_price_why;
	enum err e;
	const char *why;
	struct activation_reserved row;
	/* Under the lock of the reserver. */
	int64_t db_us;
	int holders; /* its request and its committer */
	bool is_decided, is_awaited;
};

struct reserver {
	struct ctx base;
	reserve_tell_fn *tell;
	void *arg;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct reservation *first, **end; /* the queue */
	int idle;
	int writing;   /* batches under way */
	int64_t began; /* the last of them */
	int thread_count;
	pthread_t threads[RESERVE_THREADS];
	bool closing;
};

static void
lock(struct reserver *r)
{
	law(pthread_mutex_lock(&r->lock) == 0);
}

static void
unlock(struct reserver *r)
{
	law(pthread_mutex_unlock(&r->lock) == 0);
}

static void
let_go(void *arg)
{
	struct reservation *one = arg;
	struct arena *mem = one->mem;
	bool is_last;

	lock(one->reserver);
	is_last = --one->holders == 0;
	unlock(one->reserver);
	if (is_last)
		arena_free(&mem);
}

static void
copy_row(struct arena *mem, const struct activation_reserved *from,
    struct activation_reserved *out)
{
	law(from != NULL);
	*out = *from;
	out->status = arena_dup(mem, from->status);
	out->id = arena_dup(mem, from->id);
	out->answer = arena_dup(mem, from->answer);
}

/* Tell its request, if that must know, and let go. */
static void
finish(struct reservation *one, int64_t db_us, bool is_news)
{
	struct reserver *r = one->reserver;

	lock(r);
	one->db_us = db_us;
	one->is_decided = true;
	is_news |= one->is_awaited;
	unlock(r);
	if (is_news)
		r->tell(r->arg, one->new.id);
	let_go(one);
}

static void
decide(struct ctx *c, struct reservation *one,
    const struct activation_reserved *row)
{
	copy_row(one->mem, row, &one->row);
	finish(one, c->db_us, !text_eq(row->status, "ok"));
}

static void
refuse(struct ctx *c, struct reservation *one, enum err e, const char *why)
{
	one->e = e;
	one->why = arena_dup(one->mem, why);
	finish(one, c->db_us, true);
}

/* Each pair of service and country once. */
static enum err
read_offers(struct ctx *c, struct reservation **all, size_t n, struct list *out)
{
	const char **services = arena_many(c->mem, const char *, n);
	const char **countries = arena_many(c->mem, const char *, n);
	size_t pairs = 0;

	for (size_t i = 0; i < n; i++) {
		size_t k = 0;

		if (all[i]->is_priced)
			continue;
		while (k < pairs &&
		    !(text_eq(services[k], all[i]->ask.service) &&
			text_eq(countries[k], all[i]->ask.country)))
			k++;
		services[k] = all[i]->ask.service;
		countries[k] = all[i]->ask.country;
		pairs += k == pairs;
	}
	if (pairs == 0)
		return OK;
	return catalogue_store_candidates(c, services, countries, pairs, out);
}

/* Price all; those that have none are told apart by no_price. */
static enum err
price_all(struct ctx *c, struct reservation **all, size_t n)
{
	struct list offers = {0};

	TRY(read_offers(c, all, n, &offers));
	for (size_t i = 0; i < n; i++) {
		struct reservation *one = all[i];

		one->no_price = one->is_priced ?
		    OK :
		    admit_dearest(c, &one->ask, &offers, &one->new.hold);
		one->no_price_why = c->err_why;
		ctx_forgive(c);
	}
	return OK;
}

/* Write those that have a price: *out is a row for each of them, in order. */
static enum err
write_priced(struct ctx *c, struct reservation **all, size_t n,
    const struct activation_reserved **out)
{
	struct activation_new *news =
	    arena_many(c->mem, struct activation_new, n);
	struct list rows = {0};
	size_t count = 0;

	for (size_t i = 0; i < n; i++)
		if (all[i]->no_price == OK)
			news[count++] = all[i]->new;
	if (count == 0)
		return OK;
	TRY(activation_store_reserve(
	    c, news, count, c->conf->lease_max_active, &rows));
	if (rows.n != count)
		return fail(c, ERR_INTERNAL, "reserve: %zu rows for %zu",
		    rows.n, count);
	*out = rows.at;
	return OK;
}

/* On success all are decided, on failure none is. */
static enum err
write_all(struct ctx *c, struct reservation **all, size_t n)
{
	const struct activation_reserved *row = NULL;

	TRY(price_all(c, all, n));
	TRY(write_priced(c, all, n, &row));
	for (size_t i = 0; i < n; i++) {
		struct reservation *one = all[i];

		if (one->no_price == OK)
			decide(c, one, row++);
		else
			refuse(c, one, one->no_price, one->no_price_why);
	}
	return OK;
}

static void
write_singly(struct ctx *c, struct reservation **all, size_t n)
{
	log_ev(c, LEVEL_INFO, "reserve.singly", L_I64("n", (int64_t)n),
	    L_STR("err", err_row(c->err)->name), L_STR("why", c->err_why));
	for (size_t i = 0; i < n; i++) {
		enum err e;

		ctx_forgive(c);
		c->deadline = all[i]->deadline;
		e = write_all(c, &all[i], 1);
		if (e != OK)
			refuse(c, all[i], e, c->err_why);
	}
}

/* Nobody in a hurry cuts short what others still have time for. */
static int64_t
latest(struct reservation **all, size_t n)
{
	int64_t deadline = all[0]->deadline;

	for (size_t i = 1; i < n && deadline != 0; i++)
		if (all[i]->deadline == 0 || all[i]->deadline > deadline)
			deadline = all[i]->deadline;
	return deadline;
}

/*
 * One transaction for all. When its answer was lost it may have been
 * committed: then that is the answer to each.
 */
static void
write_batch(struct ctx *c, struct reservation **all, size_t n)
{
	int64_t began = clock_mono();
	enum err e;

	c->deadline = latest(all, n);
	e = write_all(c, all, n);
	log_ev(c, LEVEL_DEBUG, "reserve.batch", L_I64("n", (int64_t)n),
	    L_I64("us", clock_mono() - began));
	if (e == OK)
		return;
	if (n > 1 && e != ERR_UNCERTAIN) {
		write_singly(c, all, n);
		return;
	}
	for (size_t i = 0; i < n; i++)
		refuse(c, all[i], e, c->err_why);
}

static struct timespec
as_timespec(int64_t us)
{
	return (struct timespec){
	    .tv_sec = us / CLOCK_SECOND, .tv_nsec = us % CLOCK_SECOND * 1000};
}

/* May this thread write now? Else wait for what may change that. */
static bool
may_write(struct reserver *r)
{
	struct timespec stalled = as_timespec(r->began + RESERVE_STALL);

	if (r->first == NULL) {
		r->idle++;
		law(pthread_cond_wait(&r->work, &r->lock) == 0);
		r->idle--;
		return false;
	}
	if (r->writing == 0 || clock_mono() >= r->began + RESERVE_STALL)
		return true;
	/* Timed out or woken, it looks again. */
	(void)pthread_cond_timedwait(&r->work, &r->lock, &stalled);
	return false;
}

/* Up to RESERVE_BATCH of the queue; none when there will be none. */
static size_t
take(struct reserver *r, struct reservation **out)
{
	size_t n = 0;

	lock(r);
	while (!(r->first == NULL && r->closing) && !may_write(r))
		;
	while (r->first != NULL && n < RESERVE_BATCH) {
		out[n++] = r->first;
		r->first = r->first->next;
	}
	if (r->first == NULL)
		r->end = &r->first;
	r->writing += n > 0;
	r->began = clock_mono();
	unlock(r);
	return n;
}

static void
written(struct reserver *r)
{
	lock(r);
	r->writing--;
	law(pthread_cond_signal(&r->work) == 0);
	unlock(r);
}

static void *
committer(void *arg)
{
	struct reserver *r = arg;
	struct arena *mem = arena_new("reserve", THREAD_MEMORY);
	struct reservation *all[RESERVE_BATCH];

	for (size_t n; (n = take(r, all)) > 0;) {
		struct ctx c = r->base;
		char id[ID_SIZE];

		id_new(id);
		c.mem = mem;
		c.id = id;
		c.op = "reserve";
		write_batch(&c, all, n);
		written(r);
		c.deadline = 0;
		wake_task(&c, "lease"); /* once for all; none is no harm */
		arena_reset(mem);
	}
	arena_free(&mem);
	return NULL;
}

/* Waiting is by the clock of clock_mono(). */
static void
init_locks(struct reserver *r)
{
	pthread_condattr_t monotonic;

	law(pthread_mutex_init(&r->lock, NULL) == 0);
	law(pthread_condattr_init(&monotonic) == 0);
	law(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
	law(pthread_cond_init(&r->work, &monotonic) == 0);
	(void)pthread_condattr_destroy(&monotonic);
}

enum err
reserver_open(struct ctx *c, reserve_tell_fn *tell, void *arg)
{
	struct reserver *r = arena_one(c->mem, struct reserver);

	r->base = *c;
	r->tell = tell;
	r->arg = arg;
	r->end = &r->first;
	init_locks(r);
	c->reserver = r;
	return OK;
}

void
reserver_close(struct ctx *c)
{
	struct reserver *r = c->reserver;

	if (r == NULL)
		return;
	lock(r);
	r->closing = true;
	law(pthread_cond_broadcast(&r->work) == 0);
	unlock(r);
	for (int i = 0; i < r->thread_count; i++)
		law(pthread_join(r->threads[i], NULL) == 0);
	r->thread_count = 0;
}

/* A thread more when all are at work; with the lock. */
static bool
ensure_thread(struct reserver *r)
{
	if (r->idle > 0 || r->thread_count == RESERVE_THREADS)
		return true;
	if (pthread_create(&r->threads[r->thread_count], NULL, committer, r) ==
	    0)
		r->thread_count++;
	return r->thread_count > 0;
}

static bool
enqueue(struct reserver *r, struct reservation *one)
{
	bool is_queued;

	lock(r);
	is_queued = !r->closing && ensure_thread(r);
	if (is_queued) {
		one->holders = 2;
		*r->end = one;
		r->end = &one->next;
		law(pthread_cond_signal(&r->work) == 0);
	}
	unlock(r);
	return is_queued;
}

static void
fill(struct reservation *one, const struct ctx *c, const struct lease_ask *ask)
{
	struct arena *mem = one->mem;

	one->deadline = c->deadline;
	one->ask = *ask;
	one->ask.service = arena_dup(mem, ask->service);
	one->ask.country = arena_dup(mem, ask->country);
	one->ask.operator= arena_dup(mem, ask->operator);
	one->new = (struct activation_new){.user = c->user,
	    .service = one->ask.service,
	    .country = one->ask.country,
	    .operator= one->ask.operator!= NULL ?
	    one->ask.operator: "",
	    .max_price = ask->max_price,
	    .door = ask->door,
	    .key = ask->key != NULL ? arena_dup(mem, ask->key) : "",
	    .reply = ask->reply_list != NULL ? ask->reply_list : "" };
}

enum err
reserve_submit(struct ctx *c, const struct lease_ask *ask,
    const char *fingerprint, const char *id, int64_t price,
    struct reservation **out)
{
	struct arena *mem = arena_new("reservation", MEMORY);
	struct reservation *one = arena_one(mem, struct reservation);

	one->mem = mem;
	one->reserver = c->reserver;
	fill(one, c, ask);
	one->is_priced = price > 0;
	one->new.hold = price;
	one->new.id = arena_dup(mem, id);
	one->new.fingerprint = arena_dup(mem, fingerprint);
	if (!enqueue(c->reserver, one)) {
		arena_free(&mem);
		return fail(c, ERR_UNAVAILABLE, "reservations have ended");
	}
	arena_defer(c->mem, let_go, one);
	*out = one;
	return OK;
}

enum err
reserve_result(struct ctx *c, struct reservation *r,
    struct activation_reserved *out, bool *is_decided)
{
	lock(r->reserver);
	*is_decided = r->is_decided;
	r->is_awaited = true;
	unlock(r->reserver);
	if (!*is_decided)
		return OK;
	c->db_us += r->db_us;
	if (r->e != OK)
		return fail(c, r->e, "%s", r->why);
	copy_row(c->mem, &r->row, out);
	return OK;
}
