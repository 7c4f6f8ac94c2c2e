/*
 * scratch_redis - a private redis-server on a unix socket in a folder of its
 * own, which can be frozen, killed and started again.
 */
#ifndef T_SCRATCH_REDIS_H
#define T_SCRATCH_REDIS_H

#include <stdbool.h>
#include <sys/types.h>

#include "harness/scratch_dir.h"

struct scratch_redis {
	char dir[SCRATCH_DIR_SIZE];
	char socket[SCRATCH_DIR_SIZE + 16]; /* address for kv_pool_open() */
	pid_t pid;                          /* 0 while it does not run */
};

/* False when no redis-server is installed: skip the program. */
bool scratch_redis_is_possible(void);

/* Start the server and wait until it answers; ends the test if it cannot. */
void scratch_redis_open(struct scratch_redis *r);
void scratch_redis_close(struct scratch_redis *r);

/* Kill it (nothing is saved), and start an empty one at the same address. */
void scratch_redis_kill(struct scratch_redis *r);
void scratch_redis_start(struct scratch_redis *r);

/* Stop it from answering, its sockets stay open; and let it go on. */
void scratch_redis_freeze(const struct scratch_redis *r);
void scratch_redis_thaw(const struct scratch_redis *r);

#endif
