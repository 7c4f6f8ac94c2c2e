#include "store/wake_store.h"

#include "base/arena.h"
#include "io/kv.h"

#define WAKE_LIST "numlease:wake"
#define WATCH_SET "numlease:watch:%s"

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

enum err
wake_store_watch(struct ctx *c, const char *activation, const char *list)
{
	const char *key = arena_fmt(c->mem, WATCH_SET, activation);

	TRY(kv_cmd(c, NULL, "SADD", key, list));
	return kv_cmd(c, NULL, "EXPIRE", key, "60");
}

enum err
wake_store_tell_watchers(struct ctx *c, const char *activation)
{
	static const struct kv_script script = {
	    .text = "local lists = redis.call('SMEMBERS', KEYS[1]) "
		    "for _, list in ipairs(lists) do "
		    "redis.call('RPUSH', list, ARGV[1]) "
		    "redis.call('EXPIRE', list, 60) end "
		    "redis.call('DEL', KEYS[1]) return #lists"};
	const char *const words[] = {
	    arena_fmt(c->mem, WATCH_SET, activation), activation};

	return kv_eval(c, &script, NULL, 1, 2, words);
}
