#include <string.h>

#include "base/arena.h"
#include "harness/suite.h"

static int order[2];
static int calls;

static void
note(void *arg)
{
	order[calls++] = *(int *)arg;
}

static void
zeroed_after_reset(void)
{
	struct arena *a = arena_new("test", 1 << 20);
	unsigned char *p = arena_alloc(a, 1, 64);

	memset(p, 0xff, 64);
	arena_reset(a);
	p = arena_alloc(a, 1, 64);
	for (int i = 0; i < 64; i++)
		CU_ASSERT_EQUAL(p[i], 0);
	arena_free(&a);
	CU_ASSERT_PTR_NULL(a);
}

static void
deferred_in_reverse(void)
{
	struct arena *a = arena_new("test", 1 << 20);
	int first = 1;
	int second = 2;

	calls = 0;
	arena_defer(a, note, &first);
	arena_defer(a, note, &second);
	arena_free(&a);
	CU_ASSERT_EQUAL(order[0], 2);
	CU_ASSERT_EQUAL(order[1], 1);
}

static void
text_is_copied(void)
{
	struct arena *a = arena_new("test", 1 << 20);

	CU_ASSERT_STRING_EQUAL(arena_fmt(a, "%s-%d", "x", 7), "x-7");
	CU_ASSERT_STRING_EQUAL(arena_strndup(a, "abcdef", 3), "abc");
	CU_ASSERT_PTR_NULL(arena_dup(a, NULL));
	arena_free(&a);
}

SUITE("arena", {"memory is zeroed, also after a reset", zeroed_after_reset},
    {"deferred releases run in reverse order", deferred_in_reverse},
    {"text is copied into the arena", text_is_copied})
