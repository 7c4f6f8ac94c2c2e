/*
 * runner - runs the errands that services plan, by io/fetch; those of one
 * account in its lane (worker/lane.h). Loop's thread.
 */
#ifndef WORKER_RUNNER_H
#define WORKER_RUNNER_H

#include "base/ctx.h"

struct errand;
struct loop;
struct runner;

typedef void runner_done_fn(struct errand *errand, void *arg);

enum err runner_open(struct ctx *c, struct loop *loop, struct runner **out)
    MUST_CHECK;
/* What waits or is under way is dropped. Sets *r to NULL; accepts NULL. */
void runner_close(struct runner **r);

/*
 * Start an errand as soon as its account bears it; `done` runs later, from
 * the loop, with its answer filled in.
 */
void runner_start(
    struct runner *r, struct errand *errand, runner_done_fn *done, void *arg);

/* From now on polls and price lists that would wait are not sent at all. */
void runner_drain(struct runner *r);

#endif
