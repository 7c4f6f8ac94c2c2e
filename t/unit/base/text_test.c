#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "harness/suite.h"

static void
comparing(void)
{
	CU_ASSERT_TRUE(text_eq(NULL, NULL));
	CU_ASSERT_FALSE(text_eq(NULL, ""));
	CU_ASSERT_FALSE(text_eq("", NULL));
	CU_ASSERT_TRUE(text_eq("a", "a"));
	CU_ASSERT_FALSE(text_eq("a", "A"));
	CU_ASSERT_TRUE(text_eq_ci("a", "A"));
	CU_ASSERT_FALSE(text_eq_ci("a", NULL));
	CU_ASSERT_TRUE(text_starts("abc", "ab"));
	CU_ASSERT_TRUE(text_starts("abc", ""));
	CU_ASSERT_FALSE(text_starts("a", "ab"));
	CU_ASSERT_TRUE(text_starts_ci("Bearer x", "bearer "));
	CU_ASSERT_TRUE(text_ends("abc", "bc"));
	CU_ASSERT_FALSE(text_ends("c", "bc"));
	CU_ASSERT_TRUE(text_is_empty(NULL));
	CU_ASSERT_TRUE(text_is_empty(""));
	CU_ASSERT_FALSE(text_is_empty(" "));
}

static void
copies(void)
{
	struct arena *mem = arena_new("test", 1 << 20);

	CU_ASSERT_STRING_EQUAL(text_trim(mem, " \t a b \r\n"), "a b");
	CU_ASSERT_STRING_EQUAL(text_trim(mem, ""), "");
	CU_ASSERT_STRING_EQUAL(text_trim(mem, "  "), "");
	CU_ASSERT_STRING_EQUAL(text_lower(mem, "AbC\xc3\x89"), "abc\xc3\x89");
	arena_free(&mem);
}

struct number {
	const char *text;
	bool ok;
};

static void
numbers(void)
{
	static const struct number rows[] = {
	    {"0", true},
	    {"-5", true},
	    {"100", true},
	    {"007", true},
	    {"101", false},
	    {"-6", false},
	    {"+5", false},
	    {" 5", false},
	    {"5 ", false},
	    {"", false},
	    {"-", false},
	    {"5x", false},
	    {"0x5", false},
	    {"1e1", false},
	    {"1.0", false},
	    {"99999999999999999999", false},
	    {"-99999999999999999999", false},
	};
	int64_t v;

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_to_i64(rows[i].text, -5, 100, &v) != rows[i].ok)
			CU_FAIL(rows[i].text);
	CU_ASSERT_TRUE(
	    text_to_i64("-9223372036854775808", INT64_MIN, INT64_MAX, &v));
	CU_ASSERT_EQUAL(v, INT64_MIN);
}

struct bytes {
	const char *at;
	size_t n;
	bool ok;
};

static void
utf8(void)
{
	static const struct bytes rows[] = {
	    {"", 0, true},
	    {"abc", 3, true},
	    {"a\0b", 3, false},
	    {"\xc3\xa9", 2, true},
	    {"\xe2\x82\xac", 3, true},
	    {"\xf0\x9f\x98\x80", 4, true},
	    {"\xf4\x8f\xbf\xbf", 4, true},
	    {"\xf4\x90\x80\x80", 4, false}, /* above U+10FFFF */
	    {"\xc0\x80", 2, false},         /* overlong */
	    {"\xc1\xbf", 2, false},
	    {"\xe0\x80\x80", 3, false},
	    {"\xe0\x9f\xbf", 3, false},
	    {"\xe0\xa0\x80", 3, true},
	    {"\xf0\x80\x80\x80", 4, false},
	    {"\xed\xa0\x80", 3, false}, /* surrogates */
	    {"\xed\xbf\xbf", 3, false},
	    {"\xed\x9f\xbf", 3, true},
	    {"\x80", 1, false},
	    {"\xc3", 1, false},
	    {"\xe2\x82", 2, false},
	    {"\xe2\x82x", 3, false},
	    {"\xff", 1, false},
	    {"\xf5\x80\x80\x80", 4, false},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_is_utf8(rows[i].at, rows[i].n) != rows[i].ok)
			CU_FAIL(rows[i].at);
}

SUITE("text", {"texts are compared, NULL is only NULL", comparing},
    {"copies are trimmed and lowered in ASCII only", copies},
    {"a number is all of the text and within bounds", numbers},
    {"UTF-8 is checked strictly", utf8})
