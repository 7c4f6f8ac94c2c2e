/*
 * generation - the processes of one reading of the settings: a slot for each
 * process that the plan wants, started, watched and, while the generation
 * serves, started again when one dies. Used by the master (prefork) only.
 */
#ifndef WEB_GENERATION_H
#define WEB_GENERATION_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/ctx.h"
#include "web/prefork.h"

#define GENERATION_MAX 512 /* processes */

struct slot {
	pid_t pid; /* 0: not running */
	size_t pool;
	int ready_fd; /* -1 when it is ready or not running */
	int64_t started, start_at, back_off;
};

struct generation {
	struct ctx c; /* settings, in an arena of their own */
	struct prefork_plan plan;
	struct slot slots[GENERATION_MAX];
	size_t count;
	unsigned number;
	int64_t ready_by;
};

/* What a new process runs; it does not return. */
struct generation_spawn {
	void (*run)(void *arg, struct generation *g, size_t pool, int ready);
	void *arg;
};

/* Read the settings; false, and logged, when they are refused. */
bool generation_open(struct generation *g, const struct ctx *c,
    const struct prefork_setup *setup, unsigned number);
/* Forget its processes, which go on, and its settings. */
void generation_close(struct generation *g);

/* Start all its processes; they have READY_TIME to become ready. */
void generation_start(
    struct generation *g, const struct generation_spawn *spawn);
bool generation_is_ready(const struct generation *g);

/* Start again what is due for it, at `now`. */
void generation_restart(
    struct generation *g, const struct generation_spawn *spawn, int64_t now);
/* When generation_restart() has something to do; INT64_MAX: nothing. */
int64_t generation_next(const struct generation *g);

/* The process `pid` is gone; false when it is none of this generation. */
bool generation_lost(struct generation *g, pid_t pid);

/* Add the pipes of those that are not ready to `fds`; how many. */
size_t generation_poll(const struct generation *g, struct pollfd *fds);
/* Something came from one of these pipes. */
void generation_heard(struct generation *g, int fd);

#endif
