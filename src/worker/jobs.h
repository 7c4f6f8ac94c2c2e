/*
 * jobs - a few threads that run jobs in the order given. Each thread has an
 * arena of its own, reset after every job; database and Redis connections
 * come from the pools. A blocking commit stalls one thread, never the loop.
 */
#ifndef WORKER_JOBS_H
#define WORKER_JOBS_H

#include "base/ctx.h"

struct jobs;

typedef void job_fn(struct ctx *c, void *arg);

/* Start `threads` threads; their contexts are copies of `base`. */
struct jobs *jobs_open(const struct ctx *base, int threads);

/* Queue run(c, arg); `op` names the job in the log. Any thread. */
void jobs_add(struct jobs *j, const char *op, job_fn *run, void *arg);

/* Run what is queued, end the threads, free; sets *j to NULL. */
void jobs_close(struct jobs **j);

#endif
