/*
 * wake - how processes tell each other that something is due, through Redis
 * lists. Nothing depends on a wake-up arriving: the rows are the truth.
 */
#ifndef SERVICE_WAKE_H
#define SERVICE_WAKE_H

#include <stddef.h>

#include "base/ctx.h"

/* Wait at most `wait_ms` for a due task's name; NULL when none came. */
enum err wake_wait(struct ctx *c, int wait_ms, const char **task) MUST_CHECK;

/* Some worker should run the task now. Losing it costs only time. */
void wake_task(struct ctx *c, const char *task);

/*
 * Tell the process behind `reply_list` that the activation has an answer;
 * those who watch it when that is empty: it was ordered a second time.
 */
void wake_reply(struct ctx *c, const char *reply_list, const char *activation);

/*
 * The process behind `reply_list` waits for news of the activation for at
 * most a minute; whoever brings news tells all who watch.
 * Its provider is asked sooner, as often as worker.poll_interval allows.
 */
void wake_watch(struct ctx *c, const char *activation, const char *reply_list);
void wake_watchers(struct ctx *c, const char *activation);

#endif
