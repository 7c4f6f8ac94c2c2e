#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>

#include "base/arena.h"
#include "harness/suite.h"
#include "web/park.h"

#define MANY 1000

static struct arena *mem;
static struct park *p;

static void
start(size_t capacity)
{
	arena_free(&mem);
	mem = arena_new("test", 1 << 24);
	p = park_new(mem, capacity);
}

static void
woken_by_key(void)
{
	uint64_t got[4];

	start(8);
	CU_ASSERT_EQUAL(park_add(p, "a", 1, 0, 100), PARK_WAITS);
	CU_ASSERT_EQUAL(park_add(p, "b", 2, 0, 100), PARK_WAITS);
	CU_ASSERT_EQUAL(park_add(p, "a", 3, 0, 100), PARK_WAITS);
	CU_ASSERT_EQUAL(park_wake(p, "a", 0, got, 4), 2);
	CU_ASSERT_EQUAL(got[0] + got[1], 4);
	CU_ASSERT_EQUAL(park_count(p), 1);
	CU_ASSERT_EQUAL(park_wake(p, "b", 0, got, 4), 1);
	CU_ASSERT_EQUAL(got[0], 2);
	CU_ASSERT_EQUAL(park_next(p), 0);
}

static void
due_in_order(void)
{
	uint64_t ticket;
	int64_t last = 0;

	start(MANY);
	for (uint64_t i = 0; i < MANY; i++) {
		char key[16];

		(void)snprintf(key, sizeof(key), "%d", (int)i);
		/* 7919 is prime: every deadline from 1 to MANY, shuffled */
		CU_ASSERT_EQUAL(
		    park_add(p, key, i, 0, 1 + (int64_t)(i * 7919 % MANY)),
		    PARK_WAITS);
	}
	for (int i = 0; i < MANY; i += 3)
		park_remove(p, (uint64_t)i);
	CU_ASSERT_FALSE(park_due(p, 0, &ticket));
	while (park_next(p) != 0) {
		int64_t next = park_next(p);

		CU_ASSERT(next > last);
		last = next;
		CU_ASSERT_FALSE(park_due(p, next - 1, &ticket));
		CU_ASSERT_FATAL(park_due(p, next, &ticket));
		CU_ASSERT_EQUAL(next, 1 + (int64_t)(ticket * 7919 % MANY));
		CU_ASSERT_NOT_EQUAL(ticket % 3, 0);
	}
	CU_ASSERT_EQUAL(park_count(p), 0);
}

static void
early_wake_up_is_kept(void)
{
	uint64_t got[4];

	start(8);
	CU_ASSERT_EQUAL(park_wake(p, "a", 0, got, 4), 0);
	CU_ASSERT_EQUAL(park_add(p, "b", 1, 1, 100), PARK_WAITS);
	CU_ASSERT_EQUAL(park_add(p, "a", 2, 1, 100), PARK_WOKEN);
	/* once: the next one has to wait for its own */
	CU_ASSERT_EQUAL(park_add(p, "a", 3, 1, 100), PARK_WAITS);
}

static void
old_wake_up_is_forgotten(void)
{
	uint64_t got[4];

	start(8);
	CU_ASSERT_EQUAL(park_wake(p, "a", 0, got, 4), 0);
	CU_ASSERT_EQUAL(
	    park_add(p, "a", 1, PARK_MEMORY + 1, PARK_MEMORY * 2), PARK_WAITS);
}

static void
full_says_so(void)
{
	uint64_t ticket;

	start(2);
	CU_ASSERT_EQUAL(park_add(p, "a", 1, 0, 10), PARK_WAITS);
	CU_ASSERT_EQUAL(park_add(p, "b", 2, 0, 20), PARK_WAITS);
	CU_ASSERT_EQUAL(park_add(p, "c", 3, 0, 30), PARK_FULL);
	CU_ASSERT(park_due(p, 10, &ticket));
	CU_ASSERT_EQUAL(park_add(p, "c", 3, 0, 30), PARK_WAITS);
}

static void
batch_leaves_the_rest(void)
{
	uint64_t got[2];

	start(8);
	for (uint64_t i = 1; i <= 5; i++)
		CU_ASSERT_EQUAL(park_add(p, "a", i, 0, 100), PARK_WAITS);
	CU_ASSERT_EQUAL(park_wake(p, "a", 0, got, 2), 2);
	CU_ASSERT_EQUAL(park_wake(p, "a", 0, got, 2), 2);
	CU_ASSERT_EQUAL(park_wake(p, "a", 0, got, 2), 1);
}

static atomic_int taken;

static void *
wake_all(void *arg)
{
	uint64_t got[4];
	char key[16];

	for (int i = 0; i < MANY; i++) {
		(void)snprintf(key, sizeof(key), "%d", i);
		taken += (int)park_wake(p, key, 0, got, 4);
	}
	return arg;
}

/* Wake-ups and parks race: each request is resumed exactly once. */
static void
no_wake_up_is_lost(void)
{
	pthread_t waker;
	char key[16];

	start(MANY);
	taken = 0;
	CU_ASSERT_FATAL(pthread_create(&waker, NULL, wake_all, NULL) == 0);
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(key, sizeof(key), "%d", i);
		if (park_add(p, key, (uint64_t)i, 0, 100) == PARK_WOKEN)
			taken++;
	}
	(void)pthread_join(waker, NULL);
	CU_ASSERT_EQUAL(taken, MANY);
	CU_ASSERT_EQUAL(park_count(p), 0);
}

SUITE("park", {"a request is woken by its key", woken_by_key},
    {"requests come due in the order of their time", due_in_order},
    {"a wake-up that comes first is kept, once", early_wake_up_is_kept},
    {"a wake-up is not kept for long", old_wake_up_is_forgotten},
    {"a full park says so", full_says_so},
    {"a batch leaves the rest", batch_leaves_the_rest},
    {"no wake-up is lost to a race", no_wake_up_is_lost})
