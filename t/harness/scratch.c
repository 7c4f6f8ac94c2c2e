#include "harness/scratch.h"

#include <glob.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libpq-fe.h>

#include "base/arena.h"
#include "harness/scratch_proc.h"
#include "io/db.h"

#define POOL_SIZE  4
#define TIMEOUT_MS 2000
#define MIGRATED   "migrated"

static pid_t postmaster;
static char conninfo[160];
static bool is_migrated;

static void
set_database(const char *name)
{
	(void)snprintf(conninfo, sizeof(conninfo),
	    "host=%s user=postgres dbname=%s", scratch_folder(), name);
}

static const char *
binary(const char *name)
{
	static char path[256];
	glob_t found = {0};
	char pattern[128];

	(void)snprintf(
	    pattern, sizeof(pattern), "/usr/lib/postgresql/*/bin/%s", name);
	if (glob(pattern, 0, NULL, &found) == 0)
		(void)snprintf(path, sizeof(path), "%s",
		    found.gl_pathv[found.gl_pathc - 1]);
	else
		(void)snprintf(path, sizeof(path), "%s", name);
	globfree(&found);
	return path;
}

static bool
answers(void)
{
	char info[160];

	(void)snprintf(info, sizeof(info),
	    "host=%s user=postgres dbname=postgres", scratch_folder());
	return PQping(info) == PQPING_OK;
}

void
scratch_start(void)
{
	postmaster = scratch_spawn("pg.log",
	    (const char *const[]){binary("postgres"), "-D", "pg", "-k",
		scratch_folder(), "-h", "", "-F", "-c", "shared_buffers=32MB",
		"-c", "full_page_writes=off", "-c", "max_connections=60", "-c",
		"max_wal_size=256MB", "-c", "jit=off", NULL});
	scratch_wait("PostgreSQL", answers);
}

void
scratch_stop(void)
{
	scratch_kill(postmaster, SIGQUIT);
	postmaster = 0;
}

static void
begin(void)
{
	static bool begun;

	if (begun)
		return;
	begun = true;
	scratch_run("initdb.log",
	    (const char *const[]){binary("initdb"), "-D", "pg", "-U",
		"postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8",
		"--no-sync", "--no-instructions", NULL});
	scratch_start();
}

/* Administration that is not under test, on a connection of its own. */
static void
administer(const char *database, const char *sql)
{
	PGconn *pg;
	PGresult *r;

	set_database(database);
	pg = PQconnectdb(conninfo);
	r = PQexec(pg, sql);
	if (PQresultStatus(r) != PGRES_COMMAND_OK &&
	    PQresultStatus(r) != PGRES_TUPLES_OK)
		scratch_die(sql, PQerrorMessage(pg));
	PQclear(r);
	PQfinish(pg);
}

static enum err
open_copy(struct ctx *c, const char *template)
{
	static int count;
	char name[32];
	char sql[128];

	(void)snprintf(name, sizeof(name), "t%d", ++count);
	(void)snprintf(
	    sql, sizeof(sql), "CREATE DATABASE %s TEMPLATE %s", name, template);
	administer("postgres", sql);
	set_database(name);
	return db_pool_open(c, conninfo, POOL_SIZE, TIMEOUT_MS, &c->pg);
}

enum err
scratch_empty(struct ctx *c)
{
	begin();
	return open_copy(c, "template0");
}

static void
run_file(const char *path)
{
	static char sql[1 << 20];
	FILE *f = fopen(path, "re");
	size_t n = f != NULL ? fread(sql, 1, sizeof(sql) - 1, f) : 0;

	if (f == NULL || n == 0 || n == sizeof(sql) - 1)
		scratch_die(path, "unreadable, empty or too long");
	(void)fclose(f);
	sql[n] = '\0';
	administer(MIGRATED, sql);
}

/* Each file in order, as one transaction: the simple protocol does that. */
static void
run_folder(const char *name)
{
	const char *root = getenv("srcdir");
	glob_t files = {0};
	char pattern[512];

	(void)snprintf(pattern, sizeof(pattern), "%s/sql/%s/*.sql",
	    root != NULL ? root : ".", name);
	if (glob(pattern, 0, NULL, &files) != 0)
		scratch_die(pattern, "no files");
	for (size_t i = 0; i < files.gl_pathc; i++)
		run_file(files.gl_pathv[i]);
	globfree(&files);
}

static void
migrate(void)
{
	administer(
	    "postgres", "CREATE DATABASE " MIGRATED " TEMPLATE template0");
	run_folder("migrations");
	run_folder("functions");
	run_folder("seed");
	is_migrated = true;
}

enum err
scratch_open(struct ctx *c)
{
	begin();
	if (!is_migrated)
		migrate();
	return open_copy(c, MIGRATED);
}

void
scratch_close(struct ctx *c)
{
	db_pool_close(&c->pg);
}

const char *
scratch_conninfo(void)
{
	return conninfo;
}

pid_t
scratch_postmaster(void)
{
	return postmaster;
}
