/*
 * kv_link - one connection to Redis, every wait of which has a deadline
 * (hiredis' own timeout is per read: a trickling server outlasts it).
 * Only for kv.c; everybody else goes through the pool.
 */
#ifndef IO_KV_LINK_H
#define IO_KV_LINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "io/kv.h"

struct redisContext;

/*
 * Connect to host:port, or to a unix socket when `port` is 0, by `deadline`
 * (monotonic us). A host name is resolved first, which may block.
 */
enum err kv_link_open(struct ctx *c, const char *host, int port,
    int64_t deadline, struct redisContext **out) MUST_CHECK;
void kv_link_close(struct redisContext **link);

/* False when the server closed it or said something nobody asked for. */
bool kv_link_is_quiet(const struct redisContext *link);

/*
 * Send words, wait for the reply and copy it into c->mem; an error reply is
 * KV_ERROR. After ERR_UNAVAILABLE the connection must be closed.
 */
enum err kv_link_run(struct ctx *c, struct redisContext *link, size_t n,
    const char *const *words, int64_t deadline, struct kv_reply *out)
    MUST_CHECK;

#endif
