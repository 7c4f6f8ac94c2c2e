#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "harness/suite.h"
#include "io/db.h"
#include "unit/io/db_fixture.h"

/* What a body does, and how often it ran. */
struct body {
	int64_t id;
	int runs;
	int64_t cut; /* end the session in the first n runs */
	pthread_barrier_t *meet;
};

static enum err
add_and_bump(struct ctx *c, void *arg)
{
	struct body *b = arg;

	b->runs++;
	TRY(db_exec(c, t_add, NULL, P_I64(b->id), P_NULL));
	return db_exec(c, t_bump, NULL, P_I64(b->id));
}

static enum err
add_then_fail(struct ctx *c, void *arg)
{
	TRY(add_and_bump(c, arg));
	return fail(c, ERR_NO_FUNDS, "the business says no");
}

static void
all_or_nothing(void)
{
	struct ctx c = fixture_open();
	struct body b = {.id = 1};
	struct list l = {0};

	CU_ASSERT_EQUAL(db_tx(&c, add_then_fail, &b), ERR_NO_FUNDS);
	CU_ASSERT_STRING_EQUAL(c.err_why, "the business says no");
	CU_ASSERT_EQUAL(b.runs, 1);
	CU_ASSERT_PTR_NULL(c.db);
	CU_ASSERT_EQUAL(db_many(&c, t_list, &item_schema, &l), OK);
	CU_ASSERT_EQUAL(l.n, 0);
	CU_ASSERT_EQUAL(db_tx(&c, add_and_bump, &b), OK);
	CU_ASSERT_EQUAL(fixture_bumps(&c), 1);
	/* A second time the key is taken. */
	CU_ASSERT_EQUAL(db_tx(&c, add_and_bump, &b), ERR_CONFLICT);
	CU_ASSERT_EQUAL(fixture_bumps(&c), 1);
	fixture_close(&c);
}

static enum err
forgiving(struct ctx *c, void *arg)
{
	TRY(add_and_bump(c, arg));
	if (db_exec(c, t_add, NULL, P_I64(1), P_NULL) != OK)
		ctx_forgive(c);
	return OK;
}

static void
no_silent_rollback(void)
{
	struct ctx c = fixture_open();
	struct body b = {.id = 1};

	CU_ASSERT_EQUAL(db_tx(&c, forgiving, &b), ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "COMMIT"));
	CU_ASSERT_EQUAL(fixture_bumps(&c), 0);
	fixture_close(&c);
}

static enum err
cut_first(struct ctx *c, void *arg)
{
	struct body *b = arg;
	pid_t pid = fixture_backend(c);

	if (b->runs < b->cut)
		(void)kill(pid, SIGTERM);
	return add_and_bump(c, arg);
}

static void
cut_before_commit(void)
{
	struct ctx c = fixture_open();
	struct body once = {.id = 1, .cut = 1};
	struct body always = {.id = 2, .cut = 99};

	CU_ASSERT_EQUAL(db_tx(&c, cut_first, &once), OK);
	CU_ASSERT_EQUAL(once.runs, 2);
	CU_ASSERT_EQUAL(db_tx(&c, cut_first, &always), ERR_UNAVAILABLE);
	CU_ASSERT_EQUAL(always.runs, 3);
	CU_ASSERT_EQUAL(fixture_bumps(&c), 1);
	fixture_close(&c);
}

/* Lock two rows in opposite order: one of the two is told to go back. */
static enum err
cross(struct ctx *c, void *arg)
{
	struct body *b = arg;

	TRY(db_exec(c, t_bump, NULL, P_I64(b->id)));
	if (b->runs++ == 0)
		(void)pthread_barrier_wait(b->meet);
	return db_exec(c, t_bump, NULL, P_I64(3 - b->id));
}

struct runner {
	pthread_t thread;
	struct ctx c;
	struct body b;
	enum err got;
};

static void *
run_cross(void *arg)
{
	struct runner *r = arg;

	r->got = db_tx(&r->c, cross, &r->b);
	return NULL;
}

static void
deadlock(void)
{
	struct ctx c = fixture_open_patient();
	pthread_barrier_t meet;
	struct runner r[2] = {0};

	CU_ASSERT_EQUAL(pthread_barrier_init(&meet, NULL, 2), 0);
	CU_ASSERT_EQUAL_FATAL(
	    db_run_script(&c, "INSERT INTO public.item VALUES (1), (2)"), OK);
	for (int i = 0; i < 2; i++) {
		r[i].c = fixture_twin(&c);
		r[i].b = (struct body){.id = i + 1, .meet = &meet};
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&r[i].thread, NULL, run_cross, &r[i]), 0);
	}
	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL(pthread_join(r[i].thread, NULL), 0);
		CU_ASSERT_EQUAL(r[i].got, OK);
		if (r[i].got != OK)
			printf("# %s\n", r[i].c.err_why);
		arena_free(&r[i].c.mem);
	}
	CU_ASSERT(r[0].b.runs + r[1].b.runs >= 3); /* may meet twice */
	CU_ASSERT_EQUAL(fixture_bumps(&c), 4);
	(void)pthread_barrier_destroy(&meet);
	fixture_close(&c);
}

#define THREADS 16
#define ROUNDS  50

static void *
run_many(void *arg)
{
	struct runner *r = arg;

	for (int i = 0; i < ROUNDS && r->got == OK; i++) {
		r->got = db_exec(&r->c, t_bump, NULL, P_I64(r->b.id));
		if (r->got == OK && fixture_bumps(&r->c) <= 0)
			r->got = ERR_INTERNAL;
	}
	return NULL;
}

/* Four connections serve sixteen threads; nothing is lost or done twice. */
static void
shared(void)
{
	struct ctx c = fixture_open_patient();
	struct runner r[THREADS] = {0};

	CU_ASSERT_EQUAL_FATAL(db_run_script(&c,
				  "INSERT INTO public.item"
				  " SELECT g FROM generate_series(0, 3) AS g"),
	    OK);
	for (int i = 0; i < THREADS; i++) {
		r[i].c = fixture_twin(&c);
		r[i].b.id = i % 4;
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&r[i].thread, NULL, run_many, &r[i]), 0);
	}
	for (int i = 0; i < THREADS; i++) {
		CU_ASSERT_EQUAL(pthread_join(r[i].thread, NULL), 0);
		CU_ASSERT_EQUAL(r[i].got, OK);
		arena_free(&r[i].c.mem);
	}
	CU_ASSERT_EQUAL(fixture_bumps(&c), THREADS * ROUNDS);
	fixture_close(&c);
}

static enum err
take_all(struct ctx *c, void *arg)
{
	struct ctx twin = fixture_twin(c);
	int *left = arg;
	int64_t began = clock_mono();
	enum err e = OK;

	if (--*left > 0) {
		e = db_tx(&twin, take_all, left);
		arena_free(&twin.mem);
		return e;
	}
	twin.deadline = began + 300 * CLOCK_MS;
	CU_ASSERT_EQUAL(
	    db_exec(&twin, t_bump, NULL, P_I64(1)), ERR_UNAVAILABLE);
	CU_ASSERT_PTR_NOT_NULL(strstr(twin.err_why, "no free"));
	CU_ASSERT_TRUE(clock_mono() - began >= 300 * CLOCK_MS);
	CU_ASSERT_TRUE(clock_mono() - began < 600 * CLOCK_MS);
	arena_free(&twin.mem);
	return OK;
}

static void
exhausted(void)
{
	struct ctx c = fixture_open();
	int left = 4; /* the pool's size */

	CU_ASSERT_EQUAL(db_tx(&c, take_all, &left), OK);
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), OK);
	fixture_close(&c);
}

SUITE("db_tx",
    {"a transaction happens as a whole or not at all", all_or_nothing},
    {"a failed statement cannot end in success", no_silent_rollback},
    {"a cut before COMMIT is run again, three times at most",
	cut_before_commit},
    {"a deadlock is resolved by running one side again", deadlock},
    {"many threads share few connections", shared},
    {"waiting for a free connection has a deadline", exhausted})
