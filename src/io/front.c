#include "io/front.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"

/*
 * One connection. `turn` changes whenever it changes hands: its low bits say
 * whether a thread has it, the others count. An event or a resume carries
 * the turn it was armed for and wins the connection by moving it on, so that
 * exactly one thread ever has it and old events mean nothing.
 */
struct front_rq {
	_Atomic uint32_t turn;
	uint32_t index;
	struct cgi *cgi;
	struct arena *mem;
	void *slot;
	uint64_t ticket; /* of the last hold */
	struct front_rq *next_ready;
};

struct front {
	struct front_setup setup;
	int epoll, ready_fd, timer_fd, stop_fd;
	pthread_t *threads;
	int started;
	_Atomic bool draining;
	pthread_mutex_t lock; /* all below */
	struct front_rq *rqs;
	uint32_t *free;
	uint32_t free_count;
	struct front_rq *ready, **ready_end;
};

enum turn { OWNED, IDLE, HELD, TURN_MASK };
#define TURN_STEP 4

/* What an event is about, when it is not a connection's ticket. */
enum { ON_LISTEN = 1, ON_READY, ON_TIMER, ON_STOP };
#define TICKET_BIT (UINT64_C(1) << 63)

static uint32_t
turn_next(uint32_t turn, enum turn to)
{
	return (turn & ~(uint32_t)TURN_MASK) + TURN_STEP + to;
}

/* Win the connection that waits for this turn; false when it is over. */
static bool
claim(struct front_rq *rq, uint32_t turn)
{
	return (turn & TURN_MASK) != OWNED &&
	    atomic_compare_exchange_strong(
		&rq->turn, &turn, turn_next(turn, OWNED));
}

static struct front_rq *
claim_ticket(struct front *f, uint64_t ticket)
{
	uint32_t index = (uint32_t)(ticket >> 32 & INT32_MAX);

	if ((ticket & TICKET_BIT) == 0 || index >= (uint32_t)f->setup.max_conns)
		return NULL;
	return claim(&f->rqs[index], (uint32_t)ticket) ? &f->rqs[index] : NULL;
}

static struct front_rq *
rq_take(struct front *f)
{
	struct front_rq *rq = NULL;

	law(pthread_mutex_lock(&f->lock) == 0);
	if (f->free_count > 0)
		rq = &f->rqs[f->free[--f->free_count]];
	law(pthread_mutex_unlock(&f->lock) == 0);
	return rq;
}

static void
rq_drop(struct front *f, struct front_rq *rq)
{
	cgi_close(&rq->cgi);
	arena_reset(rq->mem);
	rq->slot = NULL;
	law(pthread_mutex_lock(&f->lock) == 0);
	f->free[f->free_count++] = rq->index;
	law(pthread_mutex_unlock(&f->lock) == 0);
}

/*
 * Give the connection up until an event comes; returns its ticket. From the
 * moment the turn is stored another thread may have it; nobody but
 * front_drop_idle() can close it then, which runs when no more connections
 * are accepted, so the descriptor is still this one or none.
 */
static uint64_t
arm(struct front *f, struct front_rq *rq, enum turn turn, int how)
{
	uint32_t next = turn_next(rq->turn, turn);
	uint64_t ticket = TICKET_BIT | (uint64_t)rq->index << 32 | next;
	struct epoll_event ev = {.data.u64 = ticket,
	    .events = EPOLLONESHOT | (turn == IDLE ? EPOLLIN : EPOLLRDHUP)};
	int fd = cgi_fd(rq->cgi);

	rq->ticket = ticket;
	rq->turn = next;
	if (epoll_ctl(f->epoll, how, fd, &ev) != 0 && turn == IDLE &&
	    claim(rq, next))
		rq_drop(f, rq); /* it would never be heard of again */
	return ticket;
}

static void
accept_one(struct front *f)
{
	int fd = accept4(f->setup.listen_fd, NULL, NULL, SOCK_CLOEXEC);
	struct front_rq *rq;

	if (fd < 0)
		return; /* another process was faster, or the peer is gone */
	rq = rq_take(f);
	if (rq == NULL) {
		log_ev(NULL, LEVEL_WARN, "front.full",
		    L_I64("max_conns", f->setup.max_conns));
		(void)close(fd); /* nginx answers 502 */
		return;
	}
	if (rq->mem == NULL)
		rq->mem = arena_new("request", f->setup.max_memory);
	rq->cgi = cgi_open(fd, f->setup.limits.read_ms);
	(void)arm(f, rq, IDLE, EPOLL_CTL_ADD);
}

static void
serve(struct front *f, struct front_rq *rq)
{
	if (cgi_read(rq->cgi, &f->setup.limits, rq->mem))
		f->setup.handle(f->setup.arg, rq, FRONT_NEW);
	else
		rq_drop(f, rq);
}

static void
on_connection(struct front *f, uint64_t ticket)
{
	struct front_rq *rq = claim_ticket(f, ticket);

	if (rq == NULL)
		return;
	if ((ticket & TURN_MASK) == HELD)
		f->setup.handle(f->setup.arg, rq, FRONT_GONE);
	else
		serve(f, rq);
}

static void
on_ready(struct front *f)
{
	struct front_rq *rq;
	uint64_t one;

	if (read(f->ready_fd, &one, sizeof(one)) < 0)
		return; /* another thread has taken it */
	law(pthread_mutex_lock(&f->lock) == 0);
	rq = f->ready;
	f->ready = rq->next_ready;
	if (f->ready == NULL)
		f->ready_end = &f->ready;
	law(pthread_mutex_unlock(&f->lock) == 0);
	f->setup.handle(f->setup.arg, rq, FRONT_RESUMED);
}

static void
on_timer(struct front *f)
{
	uint64_t times;

	if (read(f->timer_fd, &times, sizeof(times)) > 0)
		f->setup.alarm(f->setup.arg);
}

static void *
run(void *arg)
{
	struct front *f = arg;
	struct epoll_event ev;

	for (;;) {
		if (epoll_wait(f->epoll, &ev, 1, -1) < 1)
			continue; /* EINTR */
		if (ev.data.u64 == ON_STOP)
			return NULL;
		if (ev.data.u64 == ON_LISTEN)
			accept_one(f);
		else if (ev.data.u64 == ON_READY)
			on_ready(f);
		else if (ev.data.u64 == ON_TIMER)
			on_timer(f);
		else
			on_connection(f, ev.data.u64);
	}
}

static bool
watch(struct front *f, int fd, uint64_t what, uint32_t events)
{
	struct epoll_event ev = {.events = events, .data.u64 = what};

	return fd >= 0 && epoll_ctl(f->epoll, EPOLL_CTL_ADD, fd, &ev) == 0;
}

static bool
open_fds(struct front *f)
{
	int flags = fcntl(f->setup.listen_fd, F_GETFL);

	f->epoll = epoll_create1(EPOLL_CLOEXEC);
	f->ready_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK | EFD_SEMAPHORE);
	f->stop_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	f->timer_fd =
	    timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	return f->epoll >= 0 && flags >= 0 &&
	    fcntl(f->setup.listen_fd, F_SETFL, flags | O_NONBLOCK) == 0 &&
	    watch(f, f->setup.listen_fd, ON_LISTEN, EPOLLIN | EPOLLEXCLUSIVE) &&
	    watch(f, f->ready_fd, ON_READY, EPOLLIN) &&
	    watch(f, f->timer_fd, ON_TIMER, EPOLLIN) &&
	    watch(f, f->stop_fd, ON_STOP, EPOLLIN);
}

static void *
make(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (p == NULL)
		abort();
	return p;
}

enum err
front_open(struct ctx *c, const struct front_setup *setup, struct front **out)
{
	struct front *f = make(1, sizeof(*f));
	uint32_t n = (uint32_t)setup->max_conns;

	law(setup->threads > 0 && setup->max_conns > 0);
	f->setup = *setup;
	f->ready_end = &f->ready;
	f->threads = make((size_t)setup->threads, sizeof(*f->threads));
	f->rqs = make(n, sizeof(*f->rqs));
	f->free = make(n, sizeof(*f->free));
	f->free_count = n;
	for (uint32_t i = 0; i < n; i++) {
		f->rqs[i].index = i;
		f->free[i] = n - 1 - i;
	}
	law(pthread_mutex_init(&f->lock, NULL) == 0);
	*out = f;
	if (open_fds(f))
		return OK;
	front_close(out);
	return fail(c, ERR_UNAVAILABLE, "front: errno %d", errno);
}

enum err
front_start(struct ctx *c, struct front *f)
{
	sigset_t all;
	sigset_t before;
	int rc = 0;

	(void)sigfillset(&all);
	law(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
	while (f->started < f->setup.threads && rc == 0) {
		rc = pthread_create(&f->threads[f->started], NULL, run, f);
		f->started += rc == 0;
	}
	law(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	if (rc != 0)
		return fail(c, ERR_UNAVAILABLE, "thread: errno %d", rc);
	return OK;
}

void
front_drain(struct front *f)
{
	if (atomic_exchange(&f->draining, true))
		return;
	/* The socket itself stays open for the next generation. */
	(void)epoll_ctl(f->epoll, EPOLL_CTL_DEL, f->setup.listen_fd, NULL);
}

void
front_drop_idle(struct front *f)
{
	law(f->draining);
	for (int i = 0; i < f->setup.max_conns; i++) {
		uint32_t turn = f->rqs[i].turn;

		if ((turn & TURN_MASK) == IDLE && claim(&f->rqs[i], turn))
			rq_drop(f, &f->rqs[i]);
	}
}

int
front_conns(struct front *f)
{
	int n;

	law(pthread_mutex_lock(&f->lock) == 0);
	n = f->setup.max_conns - (int)f->free_count;
	law(pthread_mutex_unlock(&f->lock) == 0);
	return n;
}

static void
close_fd(int fd)
{
	if (fd >= 0)
		(void)close(fd); /* a failed close is closed */
}

void
front_close(struct front **front)
{
	struct front *f = *front;
	uint64_t one = 1;

	if (f == NULL)
		return;
	if (f->started > 0)
		law(write(f->stop_fd, &one, sizeof(one)) == sizeof(one));
	for (int i = 0; i < f->started; i++)
		law(pthread_join(f->threads[i], NULL) == 0);
	for (int i = 0; i < f->setup.max_conns; i++) {
		cgi_close(&f->rqs[i].cgi);
		arena_free(&f->rqs[i].mem);
	}
	close_fd(f->epoll);
	close_fd(f->ready_fd);
	close_fd(f->timer_fd);
	close_fd(f->stop_fd);
	law(pthread_mutex_destroy(&f->lock) == 0);
	free(f->threads);
	free(f->rqs);
	free(f->free);
	free(f);
	*front = NULL;
}

struct cgi *
front_cgi(struct front_rq *rq)
{
	return rq->cgi;
}

struct arena *
front_mem(struct front_rq *rq)
{
	return rq->mem;
}

void **
front_slot(struct front_rq *rq)
{
	return &rq->slot;
}

void
front_finish(struct front *f, struct front_rq *rq)
{
	bool open = cgi_finish(rq->cgi, !f->draining);

	if (!open) {
		rq_drop(f, rq);
		return;
	}
	arena_reset(rq->mem);
	rq->slot = NULL;
	(void)arm(f, rq, IDLE, EPOLL_CTL_MOD);
}

uint64_t
front_ticket(const struct front_rq *rq)
{
	return rq->ticket;
}

uint64_t
front_hold(struct front *f, struct front_rq *rq)
{
	return arm(f, rq, HELD, EPOLL_CTL_MOD);
}

bool
front_resume(struct front *f, uint64_t ticket)
{
	struct front_rq *rq = claim_ticket(f, ticket);
	uint64_t one = 1;

	if (rq == NULL)
		return false;
	rq->next_ready = NULL;
	law(pthread_mutex_lock(&f->lock) == 0);
	*f->ready_end = rq;
	f->ready_end = &rq->next_ready;
	law(pthread_mutex_unlock(&f->lock) == 0);
	law(write(f->ready_fd, &one, sizeof(one)) == sizeof(one));
	return true;
}

void
front_alarm(struct front *f, int64_t mono_us)
{
	struct itimerspec at = {.it_value = {.tv_sec = mono_us / CLOCK_SECOND,
				    .tv_nsec = mono_us % CLOCK_SECOND * 1000}};

	law(timerfd_settime(f->timer_fd, TFD_TIMER_ABSTIME, &at, NULL) == 0);
}
