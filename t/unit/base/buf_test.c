#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "harness/suite.h"

static void
grows(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	struct buf b;

	buf_init(&b, mem);
	CU_ASSERT_STRING_EQUAL(b.at, "");
	for (int i = 0; i < 1000; i++) {
		buf_char(&b, 'a');
		buf_text(&b, "bc");
		buf_fmt(&b, "%d", i % 10);
		buf_add(&b, "\0", 1);
		CU_ASSERT_EQUAL(b.at[b.len], '\0');
	}
	CU_ASSERT_EQUAL(b.len, 5000);
	CU_ASSERT_EQUAL(memcmp(b.at, "abc0\0abc1\0", 10), 0);
	CU_ASSERT_EQUAL(memcmp(b.at + 4990, "abc8\0abc9\0", 10), 0);
	arena_free(&mem);
}

/* At each length around the first capacity the NUL has its place. */
static void
ends(void)
{
	struct arena *mem = arena_new("test", 1 << 20);

	for (size_t n = 250; n < 262; n++) {
		char text[300];
		struct buf b;

		memset(text, 'x', n);
		text[n] = '\0';
		buf_init(&b, mem);
		buf_fmt(&b, "%s", text);
		CU_ASSERT_EQUAL(strlen(b.at), n);
		CU_ASSERT_TRUE(b.cap > n);
	}
	arena_free(&mem);
}

static void
cleared(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	struct buf b;
	const char *at;

	buf_init(&b, mem);
	buf_text(&b, "secret");
	at = b.at;
	buf_clear(&b);
	CU_ASSERT_EQUAL(b.len, 0);
	CU_ASSERT_STRING_EQUAL(b.at, "");
	buf_add(&b, NULL, 0);
	buf_text(&b, "x");
	CU_ASSERT_PTR_EQUAL(b.at, at);
	CU_ASSERT_STRING_EQUAL(b.at, "x");
	arena_free(&mem);
}

SUITE("buf", {"content survives the growing", grows},
    {"the NUL has its place at every length", ends},
    {"clearing keeps the memory", cleared})
