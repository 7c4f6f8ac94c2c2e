#include <stdbool.h>
#include <stddef.h>

#include "harness/suite.h"
#include "worker/lane.h"

#define SECOND INT64_C(1000000)
#define START  (1000 * SECOND + 30000) /* somewhere in a slice */
#define CALLS  400

static struct lane lane;
static struct lane_call calls[CALLS];
static size_t added;

static void
open_lane(int64_t rps, int64_t buy_rps, int64_t concurrency)
{
	lane = (struct lane){.limits = {rps, buy_rps, concurrency}};
	added = 0;
}

static struct lane_call *
add(enum errand_rank rank, int64_t over_by)
{
	struct lane_call *call = &calls[added++];

	CU_ASSERT_FATAL(added <= CALLS);
	*call = (struct lane_call){.rank = rank, .over_by = over_by};
	lane_add(&lane, call);
	return call;
}

static void
add_many(enum errand_rank rank, int n)
{
	for (int i = 0; i < n; i++)
		(void)add(rank, 0);
}

/* How many begin at `now`. */
static int
begin_all(int64_t now, int64_t *again)
{
	int n = 0;

	while (lane_take(&lane, now, again) != NULL)
		n++;
	return n;
}

static void
no_limit(void)
{
	int64_t again = 0;

	open_lane(0, 0, 0);
	add_many(ERRAND_SYNC, 300);
	CU_ASSERT_EQUAL(begin_all(START, &again), 300);
	CU_ASSERT_EQUAL(again, INT64_MAX);
}

static void
at_once(void)
{
	int64_t again = 0;

	open_lane(0, 0, 3);
	add_many(ERRAND_POLL, 10);
	CU_ASSERT_EQUAL(begin_all(START, &again), 3);
	CU_ASSERT_EQUAL(again, INT64_MAX); /* one has to end */
	lane_end(&lane);
	lane_end(&lane);
	CU_ASSERT_EQUAL(begin_all(START, &again), 2);
	CU_ASSERT_EQUAL(begin_all(START + 5 * SECOND, &again), 0);
}

/* Any second: every 7 ms all that may begin does. */
static void
in_a_second(void)
{
	static int64_t begun[CALLS];
	int64_t again = 0;
	int n = 0;

	open_lane(20, 0, 0);
	add_many(ERRAND_SYNC, 200);
	for (int64_t now = START; n < 200 && now < START + 30 * SECOND;
	     now += 7000)
		for (int k = begin_all(now, &again); k > 0; k--)
			begun[n++] = now;
	CU_ASSERT_EQUAL_FATAL(n, 200);
	for (int i = 20; i < n; i++)
		CU_ASSERT(begun[i] - begun[i - 20] > SECOND);
	CU_ASSERT(begun[n - 1] - begun[0] < 11 * SECOND);
}

static void
comes_back(void)
{
	int64_t again = 0;
	int64_t now = START;
	int n = 0;

	open_lane(5, 0, 0);
	add_many(ERRAND_POLL, 20);
	for (int turn = 0; turn < 10 && n < 20; turn++) {
		n += begin_all(now, &again);
		CU_ASSERT(n == 20 || (again > now && again < now + 2 * SECOND));
		now = again;
	}
	CU_ASSERT_EQUAL(n, 20); /* each turn some more may begin */
}

static void
by_rank(void)
{
	const enum errand_rank ranks[] = {
	    ERRAND_SYNC, ERRAND_POLL, ERRAND_ASK, ERRAND_BUY};
	const struct lane_call *wanted[4];
	int64_t again = 0;

	open_lane(0, 0, 0);
	for (int i = 0; i < 4; i++)
		wanted[i] = add(ranks[i], 0);
	for (int i = 3; i >= 0; i--)
		CU_ASSERT_PTR_EQUAL(lane_take(&lane, START, &again), wanted[i]);
}

static void
in_order(void)
{
	const struct lane_call *first;
	const struct lane_call *second;
	int64_t again = 0;

	open_lane(0, 0, 0);
	first = add(ERRAND_ASK, 0);
	second = add(ERRAND_ASK, 0);
	CU_ASSERT_PTR_EQUAL(lane_take(&lane, START, &again), first);
	CU_ASSERT_PTR_EQUAL(lane_take(&lane, START, &again), second);
	CU_ASSERT_PTR_NULL(lane_take(&lane, START, &again));
}

/* There are always more purchases than may go. */
static void
no_starving(void)
{
	int begun[ERRAND__RANKS] = {0};
	int64_t again = 0;

	open_lane(0, 0, 0);
	for (int r = 0; r < ERRAND__RANKS; r++)
		add_many((enum errand_rank)r, 60);
	for (int i = 0; i < 60; i++)
		begun[lane_take(&lane, START, &again)->rank]++;
	for (int r = 1; r < ERRAND__RANKS; r++) {
		CU_ASSERT(begun[r] >= 60 / 8);
		CU_ASSERT(begun[r] < begun[ERRAND_BUY]);
	}
}

static void
buys_alone(void)
{
	int64_t again = 0;

	open_lane(10, 2, 0);
	add_many(ERRAND_BUY, 5);
	add_many(ERRAND_ASK, 3);
	CU_ASSERT_EQUAL(begin_all(START, &again), 5); /* two and three */
	CU_ASSERT_PTR_NULL(lane.queues[ERRAND_ASK].first);
	CU_ASSERT_PTR_NOT_NULL(lane.queues[ERRAND_BUY].first);
	CU_ASSERT(again > START + SECOND && again < START + 2 * SECOND);
	CU_ASSERT_EQUAL(begin_all(again, &again), 2);
}

static void
too_late(void)
{
	const struct lane_call *late;
	int64_t again = 0;

	open_lane(0, 0, 1);
	(void)add(ERRAND_BUY, START + SECOND);
	late = add(ERRAND_BUY, START + SECOND);
	CU_ASSERT_EQUAL(begin_all(START, &again), 1);
	CU_ASSERT_EQUAL(again, START + SECOND); /* even if none ends */
	CU_ASSERT_PTR_NULL(lane_take_late(&lane, START + SECOND - 1));
	CU_ASSERT_PTR_EQUAL(lane_take_late(&lane, START + SECOND), late);
	CU_ASSERT_PTR_NULL(lane_take_late(&lane, START + SECOND));
	CU_ASSERT_EQUAL(lane.under_way, 1);
}

static void
hurries(void)
{
	int late = 0;

	open_lane(1, 1, 1);
	for (int r = 0; r < ERRAND__RANKS; r++)
		add_many((enum errand_rank)r, 2);
	lane_hurry(&lane);
	while (lane_take_late(&lane, START) != NULL)
		late++;
	CU_ASSERT_EQUAL(late, 4);
	CU_ASSERT_PTR_NOT_NULL(lane.queues[ERRAND_BUY].first);
	CU_ASSERT_PTR_NOT_NULL(lane.queues[ERRAND_ASK].first);
}

SUITE("lane", {"without limits nothing waits", no_limit},
    {"no more begin at once than are borne", at_once},
    {"nor in any second", in_a_second},
    {"it says when more may begin", comes_back},
    {"purchases, cancels, polls, price lists", by_rank},
    {"of one rank the first that came", in_order},
    {"nothing starves beside purchases", no_starving},
    {"purchases have a limit of their own", buys_alone},
    {"who waited too long leaves, and is not counted", too_late},
    {"at the end no poll waits", hurries})
