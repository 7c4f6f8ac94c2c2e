#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/file.h"
#include "base/log.h"
#include "harness/scratch_dir.h"
#include "harness/suite.h"

static char line[9000];
static char dir[SCRATCH_DIR_SIZE];

static void
take(enum err_level level, const char *event, const char *text)
{
	(void)level;
	(void)event;
	(void)snprintf(line, sizeof(line), "%s", text);
}

static bool
ends_with(const char *tail)
{
	size_t n = strlen(line);
	size_t m = strlen(tail);

	return n >= m && strcmp(line + n - m, tail) == 0;
}

static void
fields(void)
{
	const struct ctx c = {.id = "r\"1", .op = "lease", .user = 7};

	log_divert(take);
	log_ev(&c, LEVEL_INFO, "thing.done", L_I64("n", -5), L_STR("s", "x"),
	    L_STR("none", NULL));
	CU_ASSERT_EQUAL(strncmp(line, "{\"ts\":\"", 7), 0);
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "Z\",\"level\":\"info\","));
	CU_ASSERT_TRUE(ends_with("\"event\":\"thing.done\",\"rid\":\"r\\\"1\","
				 "\"op\":\"lease\",\"user\":7,\"n\":-5,"
				 "\"s\":\"x\",\"none\":null}"));
}

struct value {
	const char *raw, *json;
};

static void
values_are_escaped(void)
{
	static const struct value rows[] = {
	    {"plain", "plain"},
	    {"a\nb", "a\\u000ab"},
	    {"\"\\", "\\\"\\\\"},
	    {"\x01\x1f\x7f\t", "\\u0001\\u001f\\u007f\\u0009"},
	    {"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80",
		"\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"},
	    {"\xff", "\\ufffd"},
	    {"a\xc3", "a\\ufffd"},
	    {"\xc3(", "\\ufffd("},
	    {"\xed\xa0\x80", "\\ufffd\\ufffd\\ufffd"},
	    {"\xc0\xaf", "\\ufffd\\ufffd"},
	    {"\xc2\x9b"
	     "31m",
		"\\u009b31m"},
	    {"\xc2\xa0", "\xc2\xa0"},
	    {"\"}\n{\"event\":\"forged\"}",
		"\\\"}\\u000a{\\\"event\\\":\\\"forged\\\"}"},
	};
	char wanted[256];

	log_divert(take);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(
		    wanted, sizeof(wanted), "\"v\":\"%s\"}", rows[i].json);
		log_ev(NULL, LEVEL_INFO, "x", L_STR("v", rows[i].raw));
		if (!ends_with(wanted))
			CU_FAIL(rows[i].json);
	}
}

static void
phones_are_masked(void)
{
	static const struct value rows[] = {
	    {"+447911123456", "+*********456"},
	    {"447911123456", "*********456"},
	    {"+44", "+44"},
	    {"", ""},
	};
	char wanted[64];

	log_divert(take);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(
		    wanted, sizeof(wanted), "\"p\":\"%s\"}", rows[i].json);
		log_ev(NULL, LEVEL_INFO, "x", L_PHONE("p", rows[i].raw));
		if (!ends_with(wanted))
			CU_FAIL(rows[i].json);
	}
	log_ev(NULL, LEVEL_INFO, "x",
	    L_PHONE("p", "+4479111234567777777777777777777777777777777777"));
	CU_ASSERT_PTR_NULL(strstr(line, "4479"));
}

static void
long_values_are_cut(void)
{
	char value[2000];
	char wanted[600];

	log_divert(take);
	/* 511 bytes, then a character of two: it is whole or not there. */
	memset(value, 'x', 511);
	memcpy(value + 511, "\xc3\xa9tail", 7);
	memset(wanted, 'x', 511);
	memcpy(wanted + 511, "\xc3\xa9\"}", 5);
	log_ev(NULL, LEVEL_INFO, "x", L_STR("v", value));
	CU_ASSERT_TRUE(ends_with(wanted));
}

static void
full_lines_stay_whole(void)
{
	char value[600];

	log_divert(take);
	memset(value, 1, sizeof(value) - 1);
	value[sizeof(value) - 1] = '\0';
	log_ev(NULL, LEVEL_INFO, "x", L_STR("a", value), L_STR("b", value),
	    L_STR("c", value), L_I64("d", 4));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "\"a\":\"\\u0001"));
	CU_ASSERT_PTR_NOT_NULL(strstr(line, "\"b\":"));
	CU_ASSERT_PTR_NULL(strstr(line, "\"c\":"));
	CU_ASSERT_TRUE(ends_with("\\u0001\",\"cut\":true}"));
	CU_ASSERT_TRUE(strlen(line) < 8192);
}

/* All of dir/name, "" when it cannot be read; lives in `mem`. */
static const char *
content(struct arena *mem, const char *name)
{
	struct ctx c = {.mem = mem};
	const char *text;

	if (file_read(&c, arena_fmt(mem, "%s/%s", dir, name), 65536, &text,
		NULL) != OK)
		return "";
	return text;
}

static void
reopened(void)
{
	struct arena *mem = arena_new("test", 1 << 20);
	const char *path;

	scratch_dir_open(dir);
	path = arena_fmt(mem, "%s/log", dir);
	log_divert(NULL);
	CU_ASSERT_TRUE_FATAL(log_open(path, "tester", LEVEL_INFO));
	log_ev(NULL, LEVEL_INFO, "first");
	log_ev(NULL, LEVEL_DEBUG, "hidden");
	CU_ASSERT_EQUAL(rename(path, arena_fmt(mem, "%s/old", dir)), 0);
	log_ev(NULL, LEVEL_INFO, "second");
	log_reopen();
	log_ev(NULL, LEVEL_INFO, "third");
	CU_ASSERT_PTR_NOT_NULL(strstr(content(mem, "old"), "first"));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(mem, "old"), "second"));
	CU_ASSERT_PTR_NULL(strstr(content(mem, "old"), "third"));
	CU_ASSERT_PTR_NULL(strstr(content(mem, "old"), "hidden"));
	CU_ASSERT_PTR_NOT_NULL(strstr(content(mem, "log"), "third"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(content(mem, "log"), "\"program\":\"tester\""));
	CU_ASSERT_FALSE(log_open("/nowhere/log", "tester", LEVEL_INFO));
	log_ev(NULL, LEVEL_INFO, "fourth");
	CU_ASSERT_PTR_NOT_NULL(strstr(content(mem, "log"), "fourth"));
	CU_ASSERT_TRUE(log_open("stderr", "tester", LEVEL_INFO));
	scratch_dir_close(dir);
	arena_free(&mem);
}

SUITE("log", {"a line has the context and its fields", fields},
    {"no value can break or forge a line", values_are_escaped},
    {"a phone shows its last three digits", phones_are_masked},
    {"a long value is cut between characters", long_values_are_cut},
    {"a full line drops whole fields and says so", full_lines_stay_whole},
    {"a log file is reopened after it was renamed", reopened})
