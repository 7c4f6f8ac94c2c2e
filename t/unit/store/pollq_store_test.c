#include "base/arena.h"
#include "base/law.h"
#include "base/text.h"
#include "harness/logbook.h"
#include "harness/scratch_redis.h"
#include "harness/suite.h"
#include "io/kv.h"
#include "store/pollq_store.h"

#define PROVIDER 7
#define LATER_MS 60000

static struct scratch_redis redis;
static struct ctx c;

static void
must(enum err e)
{
	law(e == OK);
}

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	must(kv_pool_open(&c, redis.socket, 2, 1000, &c.kv));
	must(kv_cmd(&c, NULL, "FLUSHALL"));
}

static void
stop(void)
{
	kv_pool_close(&c.kv);
	arena_free(&c.mem);
}

static void
put(const char *id, int64_t delay_ms, const char *token)
{
	const struct poll_seat seat = {.activation_id = id,
	    .provider_id = PROVIDER,
	    .delay_ms = delay_ms,
	    .token = token};

	must(pollq_store_set(&c, &seat, 1));
}

/* Take what is due; `lease_ms` from now it is due again. */
static struct pollq_taken
take(int64_t lease_ms)
{
	static const int64_t providers[] = {PROVIDER};
	const struct pollq_claim claim = {.providers = providers,
	    .provider_count = 1,
	    .batch = 10,
	    .lease_ms = lease_ms};
	struct pollq_taken taken;

	must(pollq_store_claim(&c, &claim, &taken));
	return taken;
}

/* The token of the one number that is due. */
static const char *
take_one(int64_t lease_ms)
{
	struct pollq_taken taken = take(lease_ms);

	CU_ASSERT_EQUAL_FATAL(taken.n, 1);
	CU_ASSERT_STRING_EQUAL(taken.seats[0].activation_id, "a");
	return taken.seats[0].token;
}

/* Once the lease of 0 ms, which ends within one, is over. */
static const char *
retake(void)
{
	struct pollq_taken taken;

	do
		taken = take(LATER_MS);
	while (taken.n == 0);
	return taken.seats[0].token;
}

static void
holder_writes(void)
{
	const char *token;

	start();
	put("a", 0, NULL);
	token = take_one(LATER_MS);
	CU_ASSERT_EQUAL(take(LATER_MS).n, 0);
	put("a", 0, token);
	CU_ASSERT_EQUAL(take(LATER_MS).n, 1);
	stop();
}

static void
late_holder_changes_nothing(void)
{
	const char *late;
	const char *now;

	start();
	put("a", 0, NULL);
	late = take_one(0);
	now = retake();
	CU_ASSERT_FALSE(text_eq(late, now));
	put("a", 0, late);
	CU_ASSERT_EQUAL(take(LATER_MS).n, 0);
	put("a", -1, late);
	put("a", 0, now); /* it is there still */
	CU_ASSERT_EQUAL(take(LATER_MS).n, 1);
	stop();
}

static void
stranger_waits(void)
{
	start();
	put("a", 0, NULL);
	(void)take_one(LATER_MS);
	put("a", 0, NULL);
	put("a", -1, NULL);
	CU_ASSERT_EQUAL(take(LATER_MS).n, 0);
	stop();
}

static void
free_number_is_anyones(void)
{
	start();
	put("a", LATER_MS, NULL);
	put("a", 0, NULL);
	CU_ASSERT_EQUAL(take(LATER_MS).n, 1);
	put("b", LATER_MS, NULL);
	put("b", -1, NULL);
	put("b", 0, NULL);
	CU_ASSERT_EQUAL(take(LATER_MS).n, 1);
	stop();
}

int
main(void)
{
	static const struct suite_test tests[] = {
	    {"who holds a number sets its time", holder_writes},
	    {"who held it too long changes nothing",
		late_holder_changes_nothing},
	    {"who does not hold it cannot take it away", stranger_waits},
	    {"what nobody holds may be set by all", free_number_is_anyones},
	};
	int rc;

	if (!scratch_redis_is_possible())
		return suite_skip("redis-server is not installed");
	scratch_redis_open(&redis);
	rc = suite_run("pollq_store", tests, sizeof(tests) / sizeof(tests[0]));
	scratch_redis_close(&redis);
	return rc;
}
