/*
 * daemon - the main of a program that serves FastCGI pools: options,
 * settings, log, then the master. What it serves is its caller's.
 */
#ifndef WEB_DAEMON_H
#define WEB_DAEMON_H

#include "base/ctx.h"
#include "web/app.h"
#include "web/guard.h"
#include "web/router.h"

struct daemon_setup {
	const char *name;
	const struct route_table *routes;
	const struct guard_auth *auth; /* NULL: no route asks who it is */
	guard_limit_fn *shared_limit;  /* may be NULL */
	app_pop_fn *pop;
	/* What -t can try without disturbing a running program, or NULL. */
	enum err (*test)(struct ctx *c);
	/*
	 * In each process of `pool`: open what handlers need, and close it. One
	 * that takes the place of another `is_again`: what is away may come
	 * back, as it may for those that live.
	 */
	enum err (*open)(struct ctx *c, const char *pool, bool is_again);
	void (*close)(struct ctx *c);
	/* struct app_setup has these. */
	enum err (*begin)(struct ctx *c, app_wake_fn *wake, void *arg);
	void (*end)(struct ctx *c);
};

/* Runs until stopped; the exit status of the program. */
int daemon_main(int argc, char **argv, const struct daemon_setup *setup);

#endif
