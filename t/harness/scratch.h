/*
 * scratch - a private PostgreSQL for one test program: started when first
 * asked for, on a unix socket in a folder of its own, gone with the program
 * however it ends. It refuses to run as root, so it is "postgres" then.
 *
 *	struct ctx c = {.mem = arena_new("test", 1 << 20)};
 *	CU_ASSERT_EQUAL_FATAL(scratch_open(&c), OK);
 *	...
 *	scratch_close(&c);
 */
#ifndef T_SCRATCH_H
#define T_SCRATCH_H

#include <sys/types.h>

#include "base/ctx.h"

/* A fresh empty database; sets c->pg to a pool of 4 with 2 s deadlines. */
enum err scratch_empty(struct ctx *c) MUST_CHECK;

/*
 * The same with sql/migrations, functions and seed in it: a copy of its own,
 * with the rights of a superuser. db_run_script() arranges further rows.
 */
enum err scratch_open(struct ctx *c) MUST_CHECK;

/* Close c->pg; the database goes with the server. */
void scratch_close(struct ctx *c);

/* How to reach the newest database, as libpq's conninfo. */
const char *scratch_conninfo(void);

/* The postmaster, to stop (SIGSTOP) and go on (SIGCONT). */
pid_t scratch_postmaster(void);
/* Stop at once, or start again; the data stays. */
void scratch_stop(void);
void scratch_start(void);

#endif
