/*
 * kv - Redis: a pool of connections with a command timeout. After any error
 * a connection is closed and made anew. Redis is never the truth: callers
 * go on when it is away (ERR_UNAVAILABLE). While it is away one command in
 * 200 ms finds out whether it is back; the others fail at once. The changes
 * are logged as kv.lost and kv.back.
 */
#ifndef IO_KV_H
#define IO_KV_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct kv_pool;

enum kv_type { KV_NIL, KV_INT, KV_TEXT, KV_ERROR, KV_LIST };

struct kv_reply {
	enum kv_type type;
	int64_t num;
	const char *text; /* KV_TEXT, KV_ERROR; NUL-terminated */
	size_t len;
	const struct kv_reply *item; /* KV_LIST: `count` elements */
	size_t count;
};

/*
 * `address` is a unix socket path or host:port; anything else is
 * ERR_BAD_INPUT. At most `size` connections, opened when first needed: Redis
 * may be away. `timeout_ms` is for connecting and for each command; an
 * earlier c->deadline wins. Makes the process ignore SIGPIPE. Close only when
 * no call is under way.
 */
enum err kv_pool_open(struct ctx *c, const char *address, int size,
    int timeout_ms, struct kv_pool **out) MUST_CHECK;
void kv_pool_close(struct kv_pool **pool);

/*
 * Run one command given as words. The reply lives in c->mem; `out` may be
 * NULL. An error reply of Redis is ERR_INTERNAL; no connection, no answer in
 * time, and a Redis that cannot serve yet are ERR_UNAVAILABLE: the command
 * may have run.
 */
enum err kv_run(struct ctx *c, struct kv_reply *out, size_t n,
    const char *const *words) MUST_CHECK;
#define kv_cmd(c, out, ...)                                              \
	kv_run((c), (out),                                               \
	    sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *), \
	    (const char *const[]){__VA_ARGS__})

/*
 * Pop the first element (producers RPUSH) on a connection of its own,
 * waiting at most `wait_ms` > 0: the element, or NULL when there was none.
 * ERR_UNAVAILABLE comes at once while Redis is away: pause before asking
 * again.
 */
enum err kv_pop(struct ctx *c, const char *list, int wait_ms, const char **out)
    MUST_CHECK;

/*
 * Run a Lua script by its SHA-1, loading it when Redis does not know it.
 * `words` are `keys` key names, then the arguments. The script must be a
 * static object: its address identifies it.
 */
struct kv_script {
	const char *text;
	const char *sha; /* 40 hex digits of SHA-1(text), or NULL: asked once */
};
enum err kv_eval(struct ctx *c, const struct kv_script *script,
    struct kv_reply *out, size_t keys, size_t n, const char *const *words)
    MUST_CHECK;

#endif
