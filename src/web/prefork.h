/*
 * prefork - the master of the pools. It binds the sockets, forks processes
 * that serve, and never reads a request or opens a connection itself.
 *
 *	signal   master                                process of a pool
 *	HUP      new settings: a new generation of     -
 *	         processes takes over before the old
 *	         one leaves; bad settings change
 *	         nothing
 *	TERM,INT stop: what is served is finished      finish, then leave
 *	QUIT     stop, also waiting for kept           finish, let connections
 *	         connections to be let go              go, then leave
 *	USR1     open the log again                    the same
 *
 * A process that dies is replaced: at once if it had lived, ever more slowly
 * if it keeps dying. When the master dies its processes finish and leave.
 */
#ifndef WEB_PREFORK_H
#define WEB_PREFORK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "web/listen.h"

#define PREFORK_MAX_POOLS 4

struct pool {
	const char *name;
	const char *socket;
	int processes;
	int threads;
};

/* What the settings say; a generation of processes has one plan. */
struct prefork_plan {
	struct pool pools[PREFORK_MAX_POOLS];
	size_t count;
	int64_t drain_us; /* a leaving process is killed after this */
};

/* What a process is to serve. */
struct prefork_post {
	const struct pool *pool;
	int listen_fd;
	int ready;     /* for prefork_ready() */
	bool is_again; /* in the place of one that died while it served */
};

struct prefork_setup {
	/* Read the settings into c->conf and `plan`, in c->mem. */
	enum err (*plan)(struct ctx *c, void *arg, struct prefork_plan *plan);
	/*
	 * What a process does: serve until told to leave. It calls
	 * prefork_ready() when it can. The result is its exit status.
	 */
	int (*serve)(struct ctx *c, void *arg, const struct prefork_post *post);
	void *arg;            /* of both */
	const char *pid_file; /* NULL: none */
};

/* Run until stopped; an exit status of sysexits(3). */
int prefork_run(struct ctx *c, const struct prefork_setup *setup);

/* Tell the master that this process serves. */
void prefork_ready(int ready);

#endif
