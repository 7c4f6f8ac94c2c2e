#include "store/wake_store.h"

#include "io/kv.h"

#define WAKE_LIST "numlease:wake"

enum err
wake_store_pop(struct ctx *c, int wait_ms, const char **out)
{
	return kv_pop(c, WAKE_LIST, wait_ms, out);
}

enum err
wake_store_push(struct ctx *c, const char *task)
{
	struct kv_reply reply;

	return kv_cmd(c, &reply, "RPUSH", WAKE_LIST, task);
}

enum err
wake_store_reply(struct ctx *c, const char *list, const char *text)
{
	struct kv_reply reply;

	TRY(kv_cmd(c, &reply, "RPUSH", list, text));
	return kv_cmd(c, &reply, "EXPIRE", list, "60");
}
