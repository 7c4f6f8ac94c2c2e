#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "harness/suite.h"
#include "io/js.h"

static struct ctx
begin(void)
{
	return (struct ctx){.mem = arena_new("test", 1 << 24)};
}

static void
refuses(const char *text, size_t len, const char *why)
{
	struct ctx c = begin();
	const struct js *v = NULL;
	enum err e = js_parse(&c, text, len, &v);

	if (e != ERR_BAD_REQUEST || strstr(c.err_why, why) == NULL) {
		printf("# %.60s: %u %s\n", text, e,
		    c.err_why != NULL ? c.err_why : "accepted");
		CU_FAIL("not refused for the right reason");
	}
	CU_ASSERT_PTR_NULL(v);
	arena_free(&c.mem);
}

static void
refused(void)
{
	static const struct {
		const char *text, *why;
	} rows[] = {
	    {"", "value expected"},
	    {"{\"a\":1,\"a\":2}", "a stands twice"},
	    {"{\"a\":1,\"\\u0061\":2}", "a stands twice"},
	    {"[{\"x/y\":{\"k\":1,\"j\":0,\"k\":2}}]", "0/x~1y/k stands twice"},
	    {"{\"a\":{},\"a\":{\"b\":1}}", "a stands twice"},
	    {"NaN", "bad number"},
	    {"[Infinity]", "bad number"},
	    {"[-Infinity]", "bad number"},
	    {"[TRUE]", "bad number"},
	    {"[truth]", "unknown word"},
	    {"\"a\\u0000b\"", "NUL"},
	    {"{\"a\\u0000b\":1}", "NUL"},
	    {"\"\\ud800\"", "surrogate"},
	    {"\"\\udc00\"", "surrogate"},
	    {"\"\\ud800\\u0041\"", "surrogate"},
	    {"\"\\u12g4\"", "escape"},
	    {"\"\\x41\"", "unknown escape"},
	    {"\"a\nb\"", "control character"},
	    {"\"\xff\"", "UTF-8"},
	    {"\"\xc0\xaf\"", "UTF-8"},
	    {"\"\xed\xa0\x80\"", "UTF-8"},
	    {"\xef\xbb\xbf{}", "bad number"},
	    {"9223372036854775808", "int64"},
	    {"-9223372036854775809", "int64"},
	    {"92233720368547758080", "int64"},
	    {"10000000000000000000000000000000000000", "int64"},
	    {"01", "after the value"},
	    {"1.", "bad number"},
	    {".5", "bad number"},
	    {"1e", "bad number"},
	    {"+1", "bad number"},
	    {"0x10", "after the value"},
	    {"{} {}", "after the value"},
	    {"1 2", "after the value"},
	    {"[1,]", "bad number"},
	    {"{\"a\":1,}", "string expected"},
	    {"{'a':1}", "string expected"},
	    {"{\"a\" 1}", "colon"},
	    {"{\"a\":1", "brace expected"},
	    {"[1", "bracket expected"},
	    {"[1 2]", "bracket expected"},
	    {"\"abc", "unfinished"},
	    {"\"abc\\", "unfinished"},
	    {"[1/*x*/]", "bracket expected"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		refuses(rows[i].text, strlen(rows[i].text), rows[i].why);
	refuses("{}\0", 3, "NUL");
	refuses("\"a\0b\"", 5, "NUL");
}

static void
depth(void)
{
	char text[2 * JS_MAX_DEPTH + 3] = {0};
	struct ctx c = begin();
	const struct js *v = NULL;

	memset(text, '[', JS_MAX_DEPTH);
	text[JS_MAX_DEPTH] = '7';
	memset(text + JS_MAX_DEPTH + 1, ']', JS_MAX_DEPTH);
	CU_ASSERT_EQUAL(js_parse(&c, text, strlen(text), &v), OK);
	memset(text, '[', JS_MAX_DEPTH + 1);
	memset(text + JS_MAX_DEPTH + 1, ']', JS_MAX_DEPTH + 1);
	refuses(text, strlen(text), "deeply");
	arena_free(&c.mem);
}

/* Everything comes back as it was, digits and order included. */
static void
prints(const char *text, const char *want)
{
	struct ctx c = begin();
	const struct js *v = NULL;
	struct buf b;

	buf_init(&b, c.mem);
	CU_ASSERT_EQUAL_FATAL(js_parse(&c, text, strlen(text), &v), OK);
	js_print(&b, v);
	CU_ASSERT_STRING_EQUAL(b.at, want);
	arena_free(&c.mem);
}

static void
round_trip(void)
{
	static const char *const same[] = {"null", "true", "false", "12", "-1",
	    "0", "\"\"", "[]", "{}", "0.350000", "1e400", "1.10", "-0.0",
	    "9223372036854775807", "-9223372036854775808",
	    "[1,\"a\",null,[true],{\"b\":{}}]", "{\"z\":1,\"a\":2,\"m\":[]}",
	    "\"\xc3\xa9\xf0\x9f\x98\x80\"", "\"a/b\\\"\\\\\\n\\u0001\""};

	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++)
		prints(same[i], same[i]);
	prints(" [ 1 , 2 ] \n", "[1,2]");
	prints("\"\\u00e9\\ud83d\\ude00\\/\"", "\"\xc3\xa9\xf0\x9f\x98\x80/\"");
}

static void
reads_exactly(void)
{
	static const char text[] =
	    "{\"i\":12,\"s\":\"12\",\"d\":1.9,\"b\":true,"
	    "\"n\":null,\"a\":[1,2,3]}";
	struct ctx c = begin();
	const struct js *v = NULL;
	const char *s = "untouched";
	int64_t n = -7;
	bool b = false;

	CU_ASSERT_EQUAL_FATAL(js_parse(&c, text, strlen(text), &v), OK);
	CU_ASSERT_TRUE(js_i64(js_get(v, "i"), &n));
	CU_ASSERT_EQUAL(n, 12);
	CU_ASSERT_FALSE(js_i64(js_get(v, "s"), &n));
	CU_ASSERT_FALSE(js_i64(js_get(v, "d"), &n));
	CU_ASSERT_FALSE(js_i64(js_get(v, "absent"), &n));
	CU_ASSERT_EQUAL(n, 12);
	CU_ASSERT_FALSE(js_text(js_get(v, "i"), &s));
	CU_ASSERT_STRING_EQUAL(s, "untouched");
	CU_ASSERT_TRUE(js_bool(js_get(v, "b"), &b));
	CU_ASSERT_TRUE(b);
	CU_ASSERT_STRING_EQUAL(js_scalar(&c, js_get(v, "i")), "12");
	CU_ASSERT_STRING_EQUAL(js_scalar(&c, js_get(v, "d")), "1.9");
	CU_ASSERT_STRING_EQUAL(js_scalar(&c, js_get(v, "b")), "true");
	CU_ASSERT_PTR_NULL(js_scalar(&c, js_get(v, "n")));
	CU_ASSERT_PTR_NULL(js_scalar(&c, js_get(v, "a")));
	CU_ASSERT_TRUE(js_has(v, "n"));
	CU_ASSERT_FALSE(js_has(v, "absent"));
	CU_ASSERT_EQUAL(js_type(NULL), JS_NULL);
	CU_ASSERT_EQUAL(js_count(js_get(v, "a")), 3);
	CU_ASSERT_TRUE(js_i64(js_at(js_get(v, "a"), -1), &n));
	CU_ASSERT_EQUAL(n, 3);
	CU_ASSERT_PTR_NULL(js_at(js_get(v, "a"), 3));
	CU_ASSERT_PTR_NULL(js_at(js_get(v, "a"), -4));
	CU_ASSERT_PTR_NULL(js_at(v, 0));
	CU_ASSERT_PTR_NULL(js_get(js_get(v, "a"), "i"));
	arena_free(&c.mem);
}

/* Small objects are walked, large ones indexed; both keep their order. */
static void
walks_in_order(void)
{
	static const size_t sizes[] = {0, 1, 7, 8, 9, 3000};

	for (size_t k = 0; k < sizeof(sizes) / sizeof(sizes[0]); k++) {
		struct ctx c = begin();
		const struct js *v = NULL;
		const struct js *item = NULL;
		const char *key = NULL;
		struct buf b;
		size_t n = 0;

		buf_init(&b, c.mem);
		for (size_t i = 0; i < sizes[k]; i++)
			buf_fmt(&b, "%s\"k%zu\":%zu", i == 0 ? "{" : ",", i, i);
		buf_text(&b, sizes[k] == 0 ? "{}" : "}");
		CU_ASSERT_EQUAL_FATAL(js_parse(&c, b.at, b.len, &v), OK);
		for (; js_each(v, n, &key, &item); n++) {
			int64_t i = -1;

			CU_ASSERT_TRUE(js_i64(item, &i));
			CU_ASSERT_EQUAL(i, (int64_t)n);
			CU_ASSERT_STRING_EQUAL(
			    key, arena_fmt(c.mem, "k%zu", n));
		}
		CU_ASSERT_EQUAL(n, sizes[k]);
		arena_free(&c.mem);
	}
}

static void
lists_duplicates(void)
{
	static const char text[] =
	    "{\"a\":1,\"list\":[{},{\"u\":1,\"u\":2}],\"a\":3}";
	struct ctx c = begin();
	struct js_duplicates d;
	const struct js *v = NULL;
	int64_t n = 0;

	CU_ASSERT_EQUAL_FATAL(
	    js_parse_listing(&c, text, strlen(text), &v, &d), OK);
	CU_ASSERT_EQUAL_FATAL(d.count, 2);
	CU_ASSERT_STRING_EQUAL(d.at[0], "list/1/u");
	CU_ASSERT_STRING_EQUAL(d.at[1], "a");
	CU_ASSERT_TRUE(js_i64(js_get(v, "a"), &n));
	CU_ASSERT_EQUAL(n, 3);
	arena_free(&c.mem);
}

SUITE("js", {"what RFC 8259 or our limits refuse is refused", refused},
    {"32 levels are read, 33 are not", depth},
    {"digits, order and text survive a round trip", round_trip},
    {"reads never convert between types", reads_exactly},
    {"members are walked in their own order", walks_in_order},
    {"duplicates are listed by pointer, the last value wins", lists_duplicates})
