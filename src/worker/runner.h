/* runner - runs the errands that services plan, by io/fetch. */
#ifndef WORKER_RUNNER_H
#define WORKER_RUNNER_H

struct errand;
struct fetcher;

typedef void runner_done_fn(struct errand *errand, void *arg);

/* Start an errand; `done` runs on the loop's thread with its answer filled in.
 */
void runner_start(
    struct fetcher *f, struct errand *errand, runner_done_fn *done, void *arg);

#endif
