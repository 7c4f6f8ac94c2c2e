/*
 * task - the table of what the worker does, most urgent first. A task is two
 * pure steps on a job thread, plan (claim rows, say which calls to make) and
 * settle (turn answers into rows); the loop makes the calls in between. A
 * task without calls has a plan only.
 */
#ifndef WORKER_TASK_H
#define WORKER_TASK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

struct errands;

/*
 * Claim at most c->conf->worker_batch rows and add the calls they need.
 * `more` is set when there was a full batch: the task runs again at once.
 */
typedef enum err plan_fn(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;

/*
 * Take from `done` every call whose answer has been turned into rows, and
 * free it; what stays is offered again (the database was away). Calls that
 * follow (the next candidate) go to `more`.
 */
typedef enum err settle_fn(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

struct task {
	const char *name; /* also the element of the wake-up list */
	int every_ms;     /* the sweep that finds what no wake-up told */
	int poor_ms;      /* the sweep while Redis is away; 0: the same */
	plan_fn *plan;
	settle_fn *settle; /* NULL: makes no calls */
	bool alone; /* not planned while calls of its last plan are to come */
};

extern const struct task tasks[];
extern const size_t tasks_count;

#endif
