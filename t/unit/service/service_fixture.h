/*
 * service_fixture - a context on a fresh migrated database, with settings,
 * keys and an arena; what a service needs. Passwords are cheap here.
 */
#ifndef T_SERVICE_FIXTURE_H
#define T_SERVICE_FIXTURE_H

#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "base/law.h"
#include "conf/conf.h"
#include "crypto/vault.h"
#include "harness/logbook.h"
#include "harness/scratch.h"
#include "harness/scratch_dir.h"
#include "harness/suite.h"
#include "io/db.h"
#include "service/session.h"

struct service_fixture {
	struct ctx c;
	struct conf conf;
	struct vault vault;
};

static inline void
fixture_open(struct service_fixture *f)
{
	static const char key[] = "1 60303ae22b998861bce3b28f33eec1be"
				  "758a213c86c93c076dbe9f558c11c752\n";
	char dir[SCRATCH_DIR_SIZE];
	const char *path;
	enum err e;

	*f = (struct service_fixture){0};
	f->c.mem = arena_new("test", 64 << 20);
	conf_defaults(&f->c, &f->conf);
	f->conf.password_memory = 8 << 20;
	f->conf.password_ops = 1;
	f->c.conf = &f->conf;
	scratch_dir_open(dir);
	path = scratch_dir_write(dir, "key", key);
	e = vault_open(&f->c, path, path, path, &f->vault);
	law(e == OK);
	scratch_dir_close(dir);
	f->c.vault = &f->vault;
	e = scratch_open(&f->c);
	law(e == OK);
}

static inline void
fixture_close(struct service_fixture *f)
{
	clock_fake(NULL, NULL);
	scratch_close(&f->c);
	vault_close(&f->vault);
	arena_free(&f->c.mem);
}

/* Change what only time or an operator could change. */
static inline void
fixture_sql(struct service_fixture *f, const char *sql)
{
	enum err e = db_run_script(&f->c, sql);

	law(e == OK);
}

#endif
