#include "io/loop.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <event2/event.h>
#include <event2/thread.h>

#include "base/law.h"

struct post {
	struct post *next;
	loop_fn *fn;
	void *arg;
};

struct loop_timer {
	struct loop_timer *next;
	struct event *event;
	loop_fn *fn;
	void *arg;
};

struct loop {
	struct event_base *base;
	struct event *wake;        /* made active by loop_post() */
	struct loop_timer *timers; /* timers and signals, to free */
	pthread_mutex_t lock;
	struct post *first, *last;
};

static struct post *
take_posts(struct loop *loop)
{
	struct post *list;

	(void)pthread_mutex_lock(&loop->lock);
	list = loop->first;
	loop->first = NULL;
	loop->last = NULL;
	(void)pthread_mutex_unlock(&loop->lock);
	return list;
}

static void
on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct post *next;

	(void)fd;
	(void)what;
	for (struct post *p = take_posts(arg); p != NULL; p = next) {
		next = p->next;
		p->fn(p->arg);
		free(p);
	}
}

static void
on_event(evutil_socket_t fd, short what, void *arg)
{
	struct loop_timer *t = arg;

	(void)fd;
	(void)what;
	t->fn(t->arg);
}

enum err
loop_open(struct ctx *c, struct loop **out)
{
	struct loop *loop;

	if (evthread_use_pthreads() != 0)
		return fail(c, ERR_INTERNAL, "libevent without threads");
	loop = calloc(1, sizeof(*loop));
	law(loop != NULL);
	law(pthread_mutex_init(&loop->lock, NULL) == 0);
	loop->base = event_base_new();
	if (loop->base != NULL)
		loop->wake =
		    event_new(loop->base, -1, EV_PERSIST, on_wake, loop);
	if (loop->wake == NULL) {
		loop_close(&loop);
		return fail(c, ERR_INTERNAL, "no event loop");
	}
	*out = loop;
	return OK;
}

void
loop_close(struct loop **loop_)
{
	struct loop *loop = *loop_;
	struct loop_timer *next_timer;
	struct post *next_post;

	if (loop == NULL)
		return;
	for (struct loop_timer *t = loop->timers; t != NULL; t = next_timer) {
		next_timer = t->next;
		event_free(t->event);
		free(t);
	}
	for (struct post *p = take_posts(loop); p != NULL; p = next_post) {
		next_post = p->next;
		free(p);
	}
	if (loop->wake != NULL)
		event_free(loop->wake);
	if (loop->base != NULL)
		event_base_free(loop->base);
	(void)pthread_mutex_destroy(&loop->lock);
	free(loop);
	*loop_ = NULL;
}

void
loop_run(struct loop *loop)
{
	(void)event_base_loop(loop->base, EVLOOP_NO_EXIT_ON_EMPTY);
}

static void
break_now(void *arg)
{
	struct loop *loop = arg;

	(void)event_base_loopbreak(loop->base);
}

void
loop_stop(struct loop *loop)
{
	/* As a post, so that a stop before the run is not lost. */
	loop_post(loop, break_now, loop);
}

void
loop_post(struct loop *loop, loop_fn *fn, void *arg)
{
	struct post *p = calloc(1, sizeof(*p));

	law(p != NULL);
	p->fn = fn;
	p->arg = arg;
	(void)pthread_mutex_lock(&loop->lock);
	if (loop->last == NULL)
		loop->first = p;
	else
		loop->last->next = p;
	loop->last = p;
	(void)pthread_mutex_unlock(&loop->lock);
	event_active(loop->wake, EV_READ, 0);
}

static struct loop_timer *
watch(struct loop *loop, int signo, short what, loop_fn *fn, void *arg)
{
	struct loop_timer *t = calloc(1, sizeof(*t));

	law(t != NULL);
	t->fn = fn;
	t->arg = arg;
	t->event = event_new(loop->base, signo, what, on_event, t);
	law(t->event != NULL);
	t->next = loop->timers;
	loop->timers = t;
	return t;
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_fn *fn, void *arg)
{
	return watch(loop, -1, 0, fn, arg);
}

void
loop_timer_set(struct loop_timer *timer, int ms)
{
	const struct timeval tv = {
	    .tv_sec = ms / 1000, .tv_usec = (ms % 1000) * 1000L};

	law(event_add(timer->event, &tv) == 0);
}

void
loop_timer_stop(struct loop_timer *timer)
{
	(void)event_del(timer->event);
}

enum err
loop_signal(struct ctx *c, struct loop *loop, int signo, loop_fn *fn, void *arg)
{
	struct loop_timer *t =
	    watch(loop, signo, EV_SIGNAL | EV_PERSIST, fn, arg);

	if (event_add(t->event, NULL) != 0)
		return fail(c, ERR_INTERNAL, "cannot watch signal %d", signo);
	return OK;
}

struct event_base *
loop_base(struct loop *loop)
{
	return loop->base;
}
