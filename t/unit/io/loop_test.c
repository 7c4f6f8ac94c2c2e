#include <pthread.h>
#include <signal.h>

#include "base/arena.h"
#include "base/clock.h"
#include "harness/suite.h"
#include "io/loop.h"

#define POSTS 1000

static struct loop *loop;
static int64_t fired_at;
static int posted, in_order, signalled;

static void
open_loop(void)
{
	struct arena *mem = arena_new("test", 1 << 16);
	struct ctx c = {.mem = mem};

	CU_ASSERT_EQUAL_FATAL(loop_open(&c, &loop), OK);
	arena_free(&mem);
}

static void
stop(void *arg)
{
	(void)arg;
	fired_at = clock_mono();
	loop_stop(loop);
}

static void
fires_once(void)
{
	int64_t from = clock_mono();
	struct loop_timer *t;

	open_loop();
	t = loop_timer_new(loop, stop, NULL);
	loop_timer_set(t, 30000);
	loop_timer_set(t, 20);
	loop_run(loop);
	CU_ASSERT(fired_at - from >= 20 * CLOCK_MS);
	CU_ASSERT(fired_at - from < CLOCK_SECOND);
	loop_close(&loop);
	CU_ASSERT_PTR_NULL(loop);
}

static void
count(void *arg)
{
	if (*(int *)arg == posted)
		in_order++;
	posted++;
}

static void *
post_all(void *arg)
{
	int *numbers = arg;

	for (int i = 0; i < POSTS; i++) {
		numbers[i] = i;
		loop_post(loop, count, &numbers[i]);
	}
	loop_stop(loop);
	return NULL;
}

static void
posts_keep_order(void)
{
	static int numbers[POSTS];
	pthread_t thread;

	open_loop();
	posted = 0;
	in_order = 0;
	CU_ASSERT_EQUAL_FATAL(
	    pthread_create(&thread, NULL, post_all, numbers), 0);
	loop_run(loop);
	CU_ASSERT_EQUAL(pthread_join(thread, NULL), 0);
	CU_ASSERT_EQUAL(posted, POSTS);
	CU_ASSERT_EQUAL(in_order, POSTS);
	loop_close(&loop);
}

static void
on_signal(void *arg)
{
	(void)arg;
	signalled++;
	loop_stop(loop);
}

static void
raise_it(void *arg)
{
	(void)arg;
	(void)raise(SIGUSR1);
}

static void
signals_arrive(void)
{
	struct arena *mem = arena_new("test", 1 << 16);
	struct ctx c = {.mem = mem};

	open_loop();
	CU_ASSERT_EQUAL(loop_signal(&c, loop, SIGUSR1, on_signal, NULL), OK);
	loop_post(loop, raise_it, NULL);
	loop_run(loop);
	CU_ASSERT_EQUAL(signalled, 1);
	loop_close(&loop);
	arena_free(&mem);
}

SUITE("loop", {"a timer fires once, by its last setting", fires_once},
    {"posts of another thread run in order, none is lost", posts_keep_order},
    {"a signal reaches its function", signals_arrive})
