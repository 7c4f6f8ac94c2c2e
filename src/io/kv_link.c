#include "io/kv_link.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>

#include <hiredis/hiredis.h>

#include "base/arena.h"
#include "base/clock.h"

/* hiredis reads lists up to 7 deep; nothing of ours comes near. */
#define DEPTH_MAX 8

/* Wait for `events` on the connection; false when the deadline passed. */
static bool
wait_for(const redisContext *link, short events, int64_t deadline)
{
	struct pollfd p = {.fd = link->fd, .events = events};
	int64_t left;
	int n;

	do {
		left = deadline - clock_mono();
		/* Rounded up: never spin through the last millisecond. */
		n = poll(&p, 1,
		    left > 0 ? (int)((left + CLOCK_MS - 1) / CLOCK_MS) : 0);
	} while (n < 0 && errno == EINTR);
	return n > 0;
}

static enum err
connected(struct ctx *c, const redisContext *link, int64_t deadline)
{
	int error = 0;
	socklen_t n = sizeof(error);

	if (link->err != 0)
		return fail(
		    c, ERR_UNAVAILABLE, "redis connect: %s", link->errstr);
	if (!wait_for(link, POLLOUT, deadline))
		return fail(c, ERR_UNAVAILABLE, "redis connect: timeout");
	if (getsockopt(link->fd, SOL_SOCKET, SO_ERROR, &error, &n) != 0)
		error = errno;
	if (error != 0)
		return fail(c, ERR_UNAVAILABLE, "redis connect: %s",
		    strerrordesc_np(error));
	return OK;
}

enum err
kv_link_open(struct ctx *c, const char *host, int port, int64_t deadline,
    struct redisContext **out)
{
	redisContext *link = port == 0 ? redisConnectUnixNonBlock(host) :
					 redisConnectNonBlock(host, port);
	enum err e;

	*out = NULL;
	if (link == NULL)
		return fail(c, ERR_UNAVAILABLE, "redis connect: no memory");
	e = connected(c, link, deadline);
	if (e != OK)
		kv_link_close(&link);
	*out = link;
	return e;
}

void
kv_link_close(struct redisContext **link)
{
	if (*link != NULL)
		redisFree(*link);
	*link = NULL;
}

bool
kv_link_is_quiet(const struct redisContext *link)
{
	struct pollfd p = {.fd = link->fd, .events = POLLIN};

	return poll(&p, 1, 0) == 0;
}

static enum err
copy_reply(struct ctx *c, const redisReply *r, int depth, struct kv_reply *out)
{
	struct kv_reply *items;

	*out = (struct kv_reply){.type = KV_NIL};
	if (r->type == REDIS_REPLY_INTEGER) {
		out->type = KV_INT;
		out->num = r->integer;
	} else if (r->type == REDIS_REPLY_STRING ||
	    r->type == REDIS_REPLY_STATUS || r->type == REDIS_REPLY_ERROR) {
		out->type = r->type == REDIS_REPLY_ERROR ? KV_ERROR : KV_TEXT;
		out->text = arena_strndup(c->mem, r->str, r->len);
		out->len = r->len;
	} else if (r->type == REDIS_REPLY_ARRAY) {
		if (depth == DEPTH_MAX)
			return fail(c, ERR_INTERNAL, "redis: reply too deep");
		items = arena_many(c->mem, struct kv_reply, r->elements);
		for (size_t i = 0; i < r->elements; i++)
			TRY(copy_reply(c, r->element[i], depth + 1, &items[i]));
		out->type = KV_LIST;
		out->item = items;
		out->count = r->elements;
	}
	return OK;
}

static enum err
broken(struct ctx *c, const redisContext *link, const char *step)
{
	return fail(c, ERR_UNAVAILABLE, "redis %s: %s", step,
	    link->err != 0 ? link->errstr : "timeout");
}

static enum err
flush(struct ctx *c, redisContext *link, int64_t deadline)
{
	int done = 0;

	for (;;) {
		if (redisBufferWrite(link, &done) != REDIS_OK)
			return broken(c, link, "write");
		if (done)
			return OK;
		if (!wait_for(link, POLLOUT, deadline))
			return broken(c, link, "write");
	}
}

/* The next reply, or NULL when none came. */
static redisReply *
receive(redisContext *link, int64_t deadline)
{
	void *reply = NULL;

	while (redisGetReplyFromReader(link, &reply) == REDIS_OK) {
		if (reply != NULL)
			return reply;
		if (!wait_for(link, POLLIN, deadline) ||
		    redisBufferRead(link) != REDIS_OK)
			break;
	}
	return NULL;
}

enum err
kv_link_run(struct ctx *c, struct redisContext *link, size_t n,
    const char *const *words, int64_t deadline, struct kv_reply *out)
{
	const char **argv = arena_many(c->mem, const char *, n);
	redisReply *reply;
	enum err e;

	for (size_t i = 0; i < n; i++)
		argv[i] = words[i];
	if (redisAppendCommandArgv(link, (int)n, argv, NULL) != REDIS_OK)
		return broken(c, link, "command");
	TRY(flush(c, link, deadline));
	reply = receive(link, deadline);
	if (reply == NULL)
		return broken(c, link, "read");
	e = copy_reply(c, reply, 0, out);
	freeReplyObject(reply);
	return e;
}
