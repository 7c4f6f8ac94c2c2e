/*
 * crew - drives the tasks: a timer per task, job threads for plan and
 * settle, libcurl for the calls. All state belongs to the loop's thread; a
 * job only touches what it was handed. One plan and one settle of a task
 * run at a time, so answers that come meanwhile share the next transaction.
 */
#ifndef WORKER_CREW_H
#define WORKER_CREW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "worker/task.h"

struct crew;
struct loop;

/* Start `threads` job threads and the timers of the tasks. */
enum err crew_open(struct ctx *c, struct loop *loop, const struct task *tasks,
    size_t count, int threads, struct crew **out) MUST_CHECK;

/* The named task is due now. Loop's thread. */
void crew_wake(struct crew *w, const char *task);

/* Whether Redis tells of new work; without it the sweeps are quicker. */
void crew_set_poor(struct crew *w, bool poor);

/*
 * Claim nothing more, and let no poll wait for its turn; when what is in
 * flight has been settled, the loop stops. Loop's thread.
 */
void crew_drain(struct crew *w);

/* After the loop has stopped. Sets *w to NULL. */
void crew_close(struct crew **w);

#endif
