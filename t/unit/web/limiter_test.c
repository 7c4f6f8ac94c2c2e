#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/suite.h"
#include "web/limiter.h"

#define SECOND INT64_C(1000000)

static const struct limit_rule five_a_second = {5, SECOND};

static void
burst_then_pace(void)
{
	struct limiter *l = limiter_open(64);
	int64_t now = 1000 * SECOND;
	int64_t retry = 0;

	for (int i = 0; i < 5; i++)
		CU_ASSERT(limiter_take(l, "a", &five_a_second, now, &retry));
	CU_ASSERT_FALSE(limiter_take(l, "a", &five_a_second, now, &retry));
	CU_ASSERT_EQUAL(retry, SECOND / 5);
	CU_ASSERT_FALSE(
	    limiter_take(l, "a", &five_a_second, now + retry - 1, &retry));
	CU_ASSERT_EQUAL(retry, 1);
	CU_ASSERT(
	    limiter_take(l, "a", &five_a_second, now + SECOND / 5, &retry));
	CU_ASSERT(limiter_take(l, "b", &five_a_second, now, &retry));
	limiter_close(&l);
	CU_ASSERT_PTR_NULL(l);
}

static void
lowered_limit_locks_nobody_out(void)
{
	static const struct limit_rule wide = {1000, 1000 * SECOND};
	struct limiter *l = limiter_open(64);
	int64_t now = 1000 * SECOND;
	int64_t retry = 0;

	for (int i = 0; i < 1000; i++)
		CU_ASSERT(limiter_take(l, "a", &wide, now, &retry));
	CU_ASSERT_FALSE(limiter_take(l, "a", &five_a_second, now, &retry));
	CU_ASSERT(retry <= SECOND / 5);
	limiter_close(&l);
}

static void
full_memory_forgets_the_nearest(void)
{
	struct limiter *l = limiter_open(1);
	int64_t now = 1000 * SECOND;
	int64_t retry = 0;
	char name[16];

	for (int i = 0; i < 1000; i++) {
		(void)snprintf(name, sizeof(name), "%d", i);
		CU_ASSERT(limiter_take(l, name, &five_a_second, now, &retry));
	}
	limiter_close(&l);
}

/* One limit for all processes of a pool. */
static void
shared_with_children(void)
{
	struct limiter *l = limiter_open(64);
	int64_t now = 1000 * SECOND;
	int64_t retry;
	int passed = 0;

	for (int i = 0; i < 4; i++) {
		int status;
		pid_t pid = fork();

		if (pid == 0) {
			int n = 0;

			for (int k = 0; k < 3; k++)
				n += limiter_take(
				    l, "a", &five_a_second, now, &retry);
			_exit(n);
		}
		CU_ASSERT(waitpid(pid, &status, 0) == pid);
		passed += WEXITSTATUS(status);
	}
	CU_ASSERT_EQUAL(passed, 5);
	limiter_close(&l);
}

static void
network_of_an_address(void)
{
	static const struct {
		const char *ip, *net;
	} rows[] = {
	    {"192.0.2.7", "192.0.2.7"},
	    {"2001:db8::1", "2001:0db8:0000:0000"},
	    {"2001:db8:0:0:ffff::2", "2001:0db8:0000:0000"},
	    {"2001:db8:0:1::1", "2001:0db8:0000:0001"},
	    {"unix:", "?"},
	    {"", "?"},
	    {NULL, "?"},
	};
	char out[LIMITER_NET_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		limiter_net(rows[i].ip, out);
		CU_ASSERT_STRING_EQUAL(out, rows[i].net);
	}
}

SUITE("limiter", {"a burst is let through, then the pace", burst_then_pace},
    {"a lowered limit locks nobody out", lowered_limit_locks_nobody_out},
    {"full memory forgets who is nearest to it",
	full_memory_forgets_the_nearest},
    {"the limit is shared with all processes", shared_with_children},
    {"an address counts as its network", network_of_an_address})
