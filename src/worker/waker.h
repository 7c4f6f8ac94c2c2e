/*
 * waker - a thread that waits for the wake-up list of Redis and tells the
 * crew. What it misses is found by the sweeps.
 */
#ifndef WORKER_WAKER_H
#define WORKER_WAKER_H

#include "base/ctx.h"

struct crew;
struct loop;
struct waker;

struct waker *waker_open(
    const struct ctx *base, struct loop *loop, struct crew *crew);
/* Ends the thread (within a second); sets *w to NULL. */
void waker_close(struct waker **w);

#endif
