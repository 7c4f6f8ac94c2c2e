/*
 * reply - the thread that reads the wake-ups of this process: a blocking pop
 * on a Redis list of its own, whose name travels with the work that a worker
 * does for a parked request. An element is the key that request waits for.
 *
 * Redis is never the truth: while it is away the requests are resumed by
 * their deadlines.
 */
#ifndef WEB_REPLY_H
#define WEB_REPLY_H

#include "base/ctx.h"
#include "web/app.h"

struct arena;
struct reply;

struct reply *reply_new(struct arena *mem, app_pop_fn *pop,
    void (*wake)(void *arg, const char *key), void *arg);

/* "reply:<host>:<pid>:<random>", nobody else's. */
const char *reply_list(const struct reply *r);

/* `c` gives the Redis pool; it must outlive the thread. */
enum err reply_start(struct ctx *c, struct reply *r) MUST_CHECK;
void reply_stop(struct reply *r);

#endif
