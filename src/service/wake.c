#include "service/wake.h"

#include "base/text.h"
#include "store/pollq_store.h"
#include "store/wake_store.h"

enum err
wake_wait(struct ctx *c, int wait_ms, const char **task)
{
	return wake_store_pop(c, wait_ms, task);
}

/* A wake-up that cannot be sent is not a failure: the sweep finds the row. */
static void
forgive(struct ctx *c, enum err e)
{
	if (e != OK)
		ctx_forgive(c);
}

void
wake_task(struct ctx *c, const char *task)
{
	forgive(c, wake_store_push(c, task));
}

void
wake_reply(struct ctx *c, const char *reply_list, const char *activation)
{
	if (text_is_empty(reply_list))
		wake_watchers(c, activation);
	else
		forgive(c, wake_store_reply(c, reply_list, activation));
}

void
wake_watch(struct ctx *c, const char *activation, const char *reply_list)
{
	if (text_is_empty(reply_list))
		return;
	forgive(c, wake_store_watch(c, activation, reply_list));
	forgive(c, pollq_store_watch(c, activation));
}

void
wake_watchers(struct ctx *c, const char *activation)
{
	forgive(c, wake_store_tell_watchers(c, activation));
}
