/*
 * loop - the event loop of a process (libevent): timers, signals and work
 * handed over by other threads. Everything runs on the thread of
 * loop_run(); only loop_post() and loop_stop() may be called from others.
 */
#ifndef IO_LOOP_H
#define IO_LOOP_H

#include "base/ctx.h"

struct event_base;
struct loop;
struct loop_timer;

typedef void loop_fn(void *arg);

enum err loop_open(struct ctx *c, struct loop **out) MUST_CHECK;
/* Frees the timers and signals too; posts that never ran are dropped. */
void loop_close(struct loop **loop);

/* Run until loop_stop(). */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Run fn(arg) on the loop's thread, in the order of posting. Any thread. */
void loop_post(struct loop *loop, loop_fn *fn, void *arg);

/* A timer, not yet set; it lives as long as the loop. */
struct loop_timer *loop_timer_new(struct loop *loop, loop_fn *fn, void *arg);
/* Fire once, `ms` from now; replaces an earlier setting. */
void loop_timer_set(struct loop_timer *timer, int ms);
void loop_timer_stop(struct loop_timer *timer);

/* Run fn(arg) whenever the process gets the signal. */
enum err loop_signal(struct ctx *c, struct loop *loop, int signo, loop_fn *fn,
    void *arg) MUST_CHECK;

/* For the other io/ files that live on the loop. */
struct event_base *loop_base(struct loop *loop);

#endif
