/* The shared limit, on a real Redis. */
#include <stdio.h>

#include "base/arena.h"
#include "harness/logbook.h"
#include "harness/scratch_redis.h"
#include "harness/suite.h"
#include "io/kv.h"
#include "service/limit.h"

#define HOUR INT64_C(3600000000)

static struct scratch_redis redis;
static struct ctx c;

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	scratch_redis_open(&redis);
	CU_ASSERT_EQUAL_FATAL(
	    kv_pool_open(&c, redis.socket, 2, 2000, &c.kv), OK);
}

static void
stop(void)
{
	kv_pool_close(&c.kv);
	scratch_redis_close(&redis);
	arena_free(&c.mem);
}

static void
counted_for_all(void)
{
	int64_t retry = 0;

	start();
	for (int i = 0; i < 3; i++)
		CU_ASSERT_EQUAL(limit_take(&c, "a", 3, HOUR, &retry), OK);
	CU_ASSERT_EQUAL(limit_take(&c, "a", 3, HOUR, &retry), ERR_RATE_LIMITED);
	/* One third of an hour, less what has passed meanwhile. */
	CU_ASSERT(retry > HOUR / 3 - 60000000 && retry <= HOUR / 3);
	CU_ASSERT_EQUAL(limit_take(&c, "b", 3, HOUR, &retry), OK);
	stop();
}

static void
refused_ones_do_not_count(void)
{
	int64_t first = 0;
	int64_t last = 0;

	start();
	CU_ASSERT_EQUAL(limit_take(&c, "a", 1, HOUR, &first), OK);
	CU_ASSERT_EQUAL(limit_take(&c, "a", 1, HOUR, &first), ERR_RATE_LIMITED);
	for (int i = 0; i < 10; i++)
		CU_ASSERT_EQUAL(
		    limit_take(&c, "a", 1, HOUR, &last), ERR_RATE_LIMITED);
	CU_ASSERT(last <= first);
	stop();
}

/* A time far ahead, as a clock that was set back leaves it. */
static void
clock_step_locks_nobody_out(void)
{
	int64_t retry = 0;

	start();
	CU_ASSERT_EQUAL(
	    kv_cmd(&c, NULL, "SET", "numlease:limit:a", "9000000000000000"),
	    OK);
	CU_ASSERT_EQUAL(limit_take(&c, "a", 3, HOUR, &retry), ERR_RATE_LIMITED);
	CU_ASSERT(retry <= HOUR / 3);
	stop();
}

static void
forgotten_when_over(void)
{
	struct kv_reply ttl;
	int64_t retry = 0;

	start();
	CU_ASSERT_EQUAL(limit_take(&c, "a", 60, 60000000, &retry), OK);
	CU_ASSERT_EQUAL(kv_cmd(&c, &ttl, "PTTL", "numlease:limit:a"), OK);
	CU_ASSERT(ttl.num > 0 && ttl.num <= 1002);
	stop();
}

static void
says_when_redis_is_away(void)
{
	int64_t retry = 0;

	start();
	CU_ASSERT_EQUAL(limit_take(&c, "a", 3, HOUR, &retry), OK);
	scratch_redis_kill(&redis);
	logbook_expect("kv.lost");
	CU_ASSERT_EQUAL(limit_take(&c, "a", 3, HOUR, &retry), ERR_UNAVAILABLE);
	stop();
}

SUITE("limit", {"a limit is counted for all", counted_for_all},
    {"what was refused does not count", refused_ones_do_not_count},
    {"a step of the clock locks nobody out", clock_step_locks_nobody_out},
    {"a subject is forgotten when its time is over", forgotten_when_over},
    {"it says when Redis is away", says_when_redis_is_away})
