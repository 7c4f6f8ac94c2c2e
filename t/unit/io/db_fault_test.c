#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "harness/logbook.h"
#include "harness/scratch.h"
#include "harness/suite.h"
#include "io/db.h"
#include "unit/io/db_fixture.h"

/* The pool's deadline in scratch.h, and what a loaded machine may add. */
#define TIMEOUT (2000 * CLOCK_MS)
#define SLACK   (300 * CLOCK_MS)

static int64_t began;

static void
start_clock(void)
{
	began = clock_mono();
}

static void
took(int64_t least, int64_t most)
{
	int64_t us = clock_mono() - began;

	if (us < least || us > most) {
		printf("# took %ld ms\n", (long)(us / 1000));
		CU_FAIL("took too short or too long");
	}
}

static void
frozen_statement(void)
{
	struct ctx c = fixture_open();
	struct item i = {0};
	pid_t pid = fixture_backend(&c);

	/* Prepared before, so that the statement itself hangs. */
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), OK);
	(void)kill(pid, SIGSTOP);
	start_clock();
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), ERR_UNCERTAIN);
	took(TIMEOUT - SLACK, TIMEOUT + SLACK);
	(void)kill(pid, SIGCONT);

	pid = fixture_backend(&c); /* a new one: the frozen was left */
	(void)kill(pid, SIGSTOP);
	start_clock();
	CU_ASSERT_EQUAL(db_one(&c, t_bumps, &item_schema, &i), ERR_UNAVAILABLE);
	took(TIMEOUT - SLACK, TIMEOUT + SLACK);
	(void)kill(pid, SIGCONT);
	CU_ASSERT_EQUAL(fixture_bumps(&c), 0);
	fixture_close(&c);
}

static void
own_deadline(void)
{
	struct ctx c = fixture_open();

	start_clock();
	c.deadline = clock_mono() + 200 * CLOCK_MS;
	CU_ASSERT_EQUAL(
	    db_exec(&c, t_sleep_read, NULL, P_I64(1500)), ERR_UNAVAILABLE);
	took(150 * CLOCK_MS, 200 * CLOCK_MS + SLACK);
	/* Too late to begin at all: certainly not done. */
	start_clock();
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), ERR_TIMEOUT);
	took(0, SLACK);
	fixture_close(&c);
}

static enum err
freeze_at_commit(struct ctx *c, void *arg)
{
	pid_t *pid = arg;

	TRY(db_exec(c, t_add, NULL, P_I64(1), P_NULL));
	*pid = fixture_backend(c);
	(void)kill(*pid, SIGSTOP);
	return OK;
}

static void
frozen_commit(void)
{
	struct ctx c = fixture_open();
	pid_t pid = 0;

	start_clock();
	CU_ASSERT_EQUAL(db_tx(&c, freeze_at_commit, &pid), ERR_UNCERTAIN);
	took(TIMEOUT - SLACK, TIMEOUT + SLACK);
	CU_ASSERT_PTR_NULL(c.db);
	(void)kill(pid, SIGCONT);
	fixture_close(&c);
}

static void
frozen_connect(void)
{
	struct ctx c = fixture_open();
	struct ctx d = {.mem = arena_new("test", 1 << 20)};

	CU_ASSERT_EQUAL_FATAL(
	    db_pool_open(&d, scratch_conninfo(), 2, 700, &d.pg), OK);
	logbook_expect("db.down");
	(void)kill(scratch_postmaster(), SIGSTOP);
	/* A caller in a hurry learns nothing about the server... */
	d.deadline = clock_mono() + 100 * CLOCK_MS;
	CU_ASSERT_EQUAL(db_exec(&d, t_bump, NULL, P_I64(1)), ERR_UNAVAILABLE);
	d.deadline = 0;
	/* ... so the next one tries for himself. */
	start_clock();
	CU_ASSERT_EQUAL(db_exec(&d, t_bump, NULL, P_I64(1)), ERR_UNAVAILABLE);
	took(700 * CLOCK_MS - SLACK, 700 * CLOCK_MS + SLACK);
	(void)kill(scratch_postmaster(), SIGCONT);
	fixture_close(&d);
	fixture_close(&c);
}

struct killer {
	pthread_t thread;
	pid_t pid;
};

static void *
kill_later(void *arg)
{
	const struct killer *k = arg;

	(void)poll(NULL, 0, 200);
	(void)kill(k->pid, SIGTERM);
	return NULL;
}

/* A statement of 600 ms whose backend is ended after 200. */
static enum err
cut(struct ctx *c, enum query q)
{
	struct killer k = {.pid = fixture_backend(c)};
	struct db_param p[] = {P_I64(600)};
	enum err e;

	CU_ASSERT_EQUAL_FATAL(
	    pthread_create(&k.thread, NULL, kill_later, &k), 0);
	e = db_run_exec(c, q, NULL, p);
	CU_ASSERT_EQUAL(pthread_join(k.thread, NULL), 0);
	return e;
}

static void
cut_statement(void)
{
	struct ctx c = fixture_open();

	CU_ASSERT_EQUAL(cut(&c, Q_t_sleep_write), ERR_UNCERTAIN);
	/* A read may be run again, and is. */
	start_clock();
	CU_ASSERT_EQUAL(cut(&c, Q_t_sleep_read), OK);
	took(700 * CLOCK_MS, TIMEOUT);
	fixture_close(&c);
}

/* True once a statement works again; each failure must be quick and clear. */
static bool
recovers_within(struct ctx *c, int64_t us)
{
	int64_t until = clock_mono() + us;

	while (clock_mono() < until) {
		enum err e = db_exec(c, t_bump, NULL, P_I64(1));

		if (e == OK)
			return true;
		CU_ASSERT_EQUAL(e, ERR_UNAVAILABLE);
		(void)poll(NULL, 0, 10);
	}
	return false;
}

static void
restarted(void)
{
	struct ctx c = fixture_open();
	int knocks = 0;

	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")), OK);
	/* So quick that the pool does not notice while it is away. */
	scratch_stop();
	scratch_start();
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), OK);

	logbook_expect("db.down");
	scratch_stop();
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), ERR_UNAVAILABLE);
	start_clock();
	for (int i = 0; i < 1000; i++) {
		CU_ASSERT_EQUAL(
		    db_exec(&c, t_bump, NULL, P_I64(1)), ERR_UNAVAILABLE);
		knocks += text_starts(c.err_why, "connect:");
	}
	took(0, SLACK);
	CU_ASSERT_TRUE(knocks < 5); /* it fails at once, not each time anew */
	scratch_start();
	start_clock();
	CU_ASSERT_TRUE(recovers_within(&c, 5 * CLOCK_SECOND));
	took(0, CLOCK_SECOND + SLACK); /* the longest pause */
	CU_ASSERT_TRUE(logbook_has("db.up"));
	fixture_close(&c);
}

SUITE("db_fault", {"a frozen server cannot hold a statement", frozen_statement},
    {"the request's own deadline comes first", own_deadline},
    {"a COMMIT without answer is uncertain", frozen_commit},
    {"a frozen server cannot hold a connect", frozen_connect},
    {"a cut write is uncertain, a cut read is run again", cut_statement},
    {"the pool recovers from a restart and spares a dead server", restarted})
