#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "harness/logbook.h"
#include "harness/scratch_redis.h"
#include "harness/suite.h"
#include "io/kv.h"

#define TIMEOUT_MS 300

static struct scratch_redis redis;
static struct ctx c;

static void
start_with(int size, int timeout_ms)
{
	if (redis.pid == 0)
		scratch_redis_start(&redis);
	c = (struct ctx){.mem = arena_new("test", 4 << 20)};
	CU_ASSERT_EQUAL_FATAL(
	    kv_pool_open(&c, redis.socket, size, timeout_ms, &c.kv), OK);
	CU_ASSERT_EQUAL_FATAL(kv_cmd(&c, NULL, "FLUSHALL"), OK);
}

static void
start(int size)
{
	start_with(size, TIMEOUT_MS);
}

static void
stop(void)
{
	kv_pool_close(&c.kv);
	CU_ASSERT_PTR_NULL(c.kv);
	arena_free(&c.mem);
}

/* The time `e = command` took, in ms. */
static int64_t
ping_ms(enum err *e)
{
	int64_t from = clock_mono();

	*e = kv_cmd(&c, NULL, "PING");
	return (clock_mono() - from) / CLOCK_MS;
}

/* Ask until Redis is back; false after ten seconds. */
static bool
comes_back(void)
{
	int64_t deadline = clock_mono() + 10 * CLOCK_SECOND;

	while (clock_mono() < deadline) {
		if (kv_cmd(&c, NULL, "PING") == OK)
			return true;
		(void)poll(NULL, 0, 1);
	}
	return false;
}

static void
replies(void)
{
	struct kv_reply r;

	start(2);
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "SET", "k", "v\xc3\xa9"), OK);
	CU_ASSERT_EQUAL(r.type, KV_TEXT);
	CU_ASSERT_STRING_EQUAL(r.text, "OK");
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "GET", "k"), OK);
	CU_ASSERT_EQUAL(r.len, 3);
	CU_ASSERT_STRING_EQUAL(r.text, "v\xc3\xa9");
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "GET", "nothing"), OK);
	CU_ASSERT_EQUAL(r.type, KV_NIL);
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "INCRBY", "n", "-7"), OK);
	CU_ASSERT_EQUAL(r.type, KV_INT);
	CU_ASSERT_EQUAL(r.num, -7);
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "MGET", "k", "nothing", "n"), OK);
	CU_ASSERT_EQUAL_FATAL(r.type, KV_LIST);
	CU_ASSERT_EQUAL_FATAL(r.count, 3);
	CU_ASSERT_EQUAL(r.item[1].type, KV_NIL);
	CU_ASSERT_STRING_EQUAL(r.item[2].text, "-7");
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "LRANGE", "none", "0", "-1"), OK);
	CU_ASSERT_EQUAL(r.type, KV_LIST);
	CU_ASSERT_EQUAL(r.count, 0);
	stop();
}

static void
refusals(void)
{
	start(1);
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "NOSUCH"), ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "unknown command"));
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), OK);
	stop();
}

static void
addresses(void)
{
	static const char *const bad[] = {"redis", "host:", "host:0",
	    "host:65536", ":6379", "[]:1", "[::1:6379", ""};
	static const char *const good[] = {
	    "localhost:6379", "127.0.0.1:1", "[::1]:6379", "/run/x"};
	struct kv_pool *pool = NULL;

	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (kv_pool_open(&c, bad[i], 1, 100, &pool) != ERR_BAD_INPUT)
			CU_FAIL(bad[i]);
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		CU_ASSERT_EQUAL(kv_pool_open(&c, good[i], 1, 100, &pool), OK);
		kv_pool_close(&pool);
	}
	arena_free(&c.mem);
}

static void
killed_while_idle(void)
{
	start(4);
	scratch_redis_kill(&redis);
	scratch_redis_start(&redis);
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), OK);
	stop();
}

static void
away_fails_at_once(void)
{
	int64_t from;
	enum err e;

	start(2);
	scratch_redis_kill(&redis);
	logbook_expect("kv.lost");
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), ERR_UNAVAILABLE);
	from = clock_mono();
	for (int i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), ERR_UNAVAILABLE);
	CU_ASSERT_TRUE(clock_mono() - from < 200 * CLOCK_MS);
	CU_ASSERT_STRING_EQUAL(c.err_why, "redis is away");
	scratch_redis_start(&redis);
	CU_ASSERT_TRUE(comes_back());
	CU_ASSERT_TRUE(logbook_has("kv.back"));
	CU_ASSERT_TRUE(ping_ms(&e) < TIMEOUT_MS);
	CU_ASSERT_EQUAL(e, OK);
	stop();
}

static void
frozen_is_timed(void)
{
	int64_t ms;
	enum err e;

	start(2);
	scratch_redis_freeze(&redis);
	logbook_expect("kv.lost");
	ms = ping_ms(&e);
	CU_ASSERT_EQUAL(e, ERR_UNAVAILABLE);
	CU_ASSERT_TRUE(ms >= TIMEOUT_MS - 1 && ms < 2L * TIMEOUT_MS);
	ms = ping_ms(&e);
	CU_ASSERT_EQUAL(e, ERR_UNAVAILABLE);
	CU_ASSERT_TRUE(ms < 50);
	scratch_redis_thaw(&redis);
	CU_ASSERT_TRUE(comes_back());
	stop();
}

static void
request_deadline_wins(void)
{
	int64_t ms;
	enum err e;

	start(2);
	scratch_redis_freeze(&redis);
	c.deadline = clock_mono() + 50 * CLOCK_MS;
	ms = ping_ms(&e);
	CU_ASSERT_EQUAL(e, ERR_UNAVAILABLE);
	CU_ASSERT_TRUE(ms < TIMEOUT_MS - 50);
	scratch_redis_thaw(&redis);
	c.deadline = 0;
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), OK);
	stop();
}

static void *
thaw_later(void *arg)
{
	(void)poll(NULL, 0, 100);
	scratch_redis_thaw(arg);
	return NULL;
}

/*
 * The second command is sent while the reply to the first is still to come;
 * Redis thaws under it. Were the connection used again, it would get "old".
 */
static void
stale_reply_is_never_read(void)
{
	struct kv_reply r = {0};
	pthread_t t;
	enum err e;

	start(1);
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "SET", "a", "old"), OK);
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "SET", "b", "new"), OK);
	scratch_redis_freeze(&redis);
	logbook_expect("kv.lost");
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "GET", "a"), ERR_UNAVAILABLE);
	(void)poll(NULL, 0, 210); /* the time in which commands fail at once */
	CU_ASSERT_EQUAL_FATAL(pthread_create(&t, NULL, thaw_later, &redis), 0);
	e = kv_cmd(&c, &r, "GET", "b");
	CU_ASSERT_TRUE(e != OK || strcmp(r.text, "new") == 0);
	(void)pthread_join(t, NULL);
	CU_ASSERT_TRUE(comes_back());
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "GET", "b"), OK);
	CU_ASSERT_STRING_EQUAL(r.text, "new");
	stop();
}

static void
broken_pipe(void)
{
	struct sigaction now;

	(void)signal(SIGPIPE, SIG_DFL);
	start(1);
	CU_ASSERT_EQUAL(sigaction(SIGPIPE, NULL, &now), 0);
	CU_ASSERT_TRUE(now.sa_handler == SIG_IGN);
	stop();
}

static void
scripts(void)
{
	static const struct kv_script asked = {
	    "return {KEYS[1], ARGV[1], #KEYS, #ARGV}", NULL};
	static const struct kv_script given = {
	    "return 41 + 1", "58e7fba07e3e2c2c4b8f0c2c0b4d1e9c6a5f4d3b"};
	static const struct kv_script wrong = {"return nosuch", NULL};
	const char *words[] = {"key", "arg"};
	struct kv_reply r;

	start(2);
	for (int round = 0; round < 3; round++) {
		CU_ASSERT_EQUAL(kv_eval(&c, &asked, &r, 1, 2, words), OK);
		CU_ASSERT_EQUAL_FATAL(r.count, 4);
		CU_ASSERT_STRING_EQUAL(r.item[0].text, "key");
		CU_ASSERT_STRING_EQUAL(r.item[1].text, "arg");
		CU_ASSERT_EQUAL(r.item[2].num, 1);
		CU_ASSERT_EQUAL(r.item[3].num, 1);
		CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "SCRIPT", "FLUSH"), OK);
	}
	CU_ASSERT_EQUAL(kv_eval(&c, &given, &r, 0, 0, NULL), OK);
	CU_ASSERT_EQUAL(r.num, 42);
	CU_ASSERT_EQUAL(kv_eval(&c, &wrong, &r, 0, 0, NULL), ERR_INTERNAL);
	stop();
}

static void *
push_later(void *arg)
{
	struct ctx mine = {.mem = arena_new("push", 16 << 20), .kv = c.kv};
	struct kv_reply r;

	(void)arg;
	do { /* until the other side waits */
		CU_ASSERT_EQUAL_FATAL(kv_cmd(&mine, &r, "INFO", "clients"), OK);
	} while (strstr(r.text, "blocked_clients:1") == NULL);
	CU_ASSERT_EQUAL(
	    kv_cmd(&mine, NULL, "RPUSH", "list", "first", "last"), OK);
	arena_free(&mine.mem);
	return NULL;
}

static void
popping(void)
{
	const char *item = "x";
	int64_t from;
	pthread_t t;

	start(1);
	from = clock_mono();
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 60, &item), OK);
	CU_ASSERT_PTR_NULL(item);
	CU_ASSERT_TRUE(clock_mono() - from >= 55 * CLOCK_MS);
	CU_ASSERT_EQUAL(pthread_create(&t, NULL, push_later, NULL), 0);
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 5000, &item), OK);
	CU_ASSERT_PTR_NOT_NULL_FATAL(item);
	CU_ASSERT_STRING_EQUAL(item, "first");
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 5000, &item), OK);
	CU_ASSERT_STRING_EQUAL(item, "last");
	(void)pthread_join(t, NULL);
	stop();
}

static void
popping_from_the_dead(void)
{
	const char *item;

	start(1);
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 10, &item), OK);
	scratch_redis_kill(&redis);
	logbook_expect("kv.lost");
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 10, &item), ERR_UNAVAILABLE);
	scratch_redis_start(&redis);
	CU_ASSERT_TRUE(comes_back());
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 10, &item), OK);
	scratch_redis_freeze(&redis);
	logbook_expect("kv.lost");
	CU_ASSERT_EQUAL(kv_pop(&c, "list", 10, &item), ERR_UNAVAILABLE);
	scratch_redis_thaw(&redis);
	CU_ASSERT_TRUE(comes_back());
	stop();
}

static void *
count_up(void *arg)
{
	struct ctx mine = {.mem = arena_new("count", 16 << 20), .kv = c.kv};
	int *done = arg;

	for (int i = 0; i < 500; i++)
		*done += kv_cmd(&mine, NULL, "INCR", "n") == OK;
	arena_free(&mine.mem);
	return NULL;
}

static void
shared_by_threads(void)
{
	pthread_t t[8];
	int done[8] = {0};
	struct kv_reply r;

	start_with(3, 10000);
	for (int i = 0; i < 8; i++)
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&t[i], NULL, count_up, &done[i]), 0);
	for (int i = 0; i < 8; i++) {
		(void)pthread_join(t[i], NULL);
		CU_ASSERT_EQUAL(done[i], 500);
	}
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "GET", "n"), OK);
	CU_ASSERT_STRING_EQUAL(r.text, "4000");
	CU_ASSERT_EQUAL(kv_cmd(&c, &r, "INFO", "clients"), OK);
	CU_ASSERT_PTR_NOT_NULL(strstr(r.text, "connected_clients:3\r\n"));
	stop();
}

static void *
hold_connection(void *arg)
{
	struct ctx mine = {.mem = arena_new("hold", 1 << 20), .kv = c.kv};

	*(enum err *)arg = kv_cmd(&mine, NULL, "BLPOP", "none", "0.6");
	arena_free(&mine.mem);
	return NULL;
}

/* One connection and one second: whoever comes third has waited too long. */
static void
busy_is_not_away(void)
{
	pthread_t t[4];
	enum err held[4];
	int served = 0;

	start_with(1, 1000);
	for (int i = 0; i < 4; i++)
		CU_ASSERT_EQUAL_FATAL(
		    pthread_create(&t[i], NULL, hold_connection, &held[i]), 0);
	for (int i = 0; i < 4; i++) {
		(void)pthread_join(t[i], NULL);
		served += held[i] == OK;
	}
	CU_ASSERT_TRUE(served >= 1 && served < 4);
	CU_ASSERT_FALSE(logbook_has("kv.lost"));
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), OK);
	stop();
}

static void
no_pool(void)
{
	static const struct kv_script script = {"return 1", NULL};
	const char *item;

	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	CU_ASSERT_EQUAL(kv_cmd(&c, NULL, "PING"), ERR_UNAVAILABLE);
	CU_ASSERT_EQUAL(kv_pop(&c, "l", 10, &item), ERR_UNAVAILABLE);
	CU_ASSERT_EQUAL(
	    kv_eval(&c, &script, NULL, 0, 0, NULL), ERR_UNAVAILABLE);
	arena_free(&c.mem);
}

int
main(void)
{
	static const struct suite_test tests[] = {
	    {"each kind of reply is copied", replies},
	    {"an error reply is told and the connection stays", refusals},
	    {"an address is a path or host:port", addresses},
	    {"a restart costs idle connections no command", killed_while_idle},
	    {"while Redis is away commands fail at once", away_fails_at_once},
	    {"a frozen Redis costs one timeout", frozen_is_timed},
	    {"the request's own deadline wins", request_deadline_wins},
	    {"a late reply never answers another command",
		stale_reply_is_never_read},
	    {"a connection that breaks does not end the process", broken_pipe},
	    {"scripts run by SHA-1 and are loaded when unknown", scripts},
	    {"a pop waits for its element, in order", popping},
	    {"a pop survives a dead and a frozen Redis", popping_from_the_dead},
	    {"threads share a small pool", shared_by_threads},
	    {"a pool that is busy is not a Redis that is away",
		busy_is_not_away},
	    {"without a pool Redis is away", no_pool},
	};
	int rc;

	if (!scratch_redis_is_possible())
		return suite_skip("redis-server is not installed");
	scratch_redis_open(&redis);
	rc = suite_run("kv", tests, sizeof(tests) / sizeof(tests[0]));
	scratch_redis_close(&redis);
	return rc;
}
