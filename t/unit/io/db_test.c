#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "harness/logbook.h"
#include "harness/scratch.h"
#include "harness/suite.h"
#include "io/db.h"
#include "unit/io/db_fixture.h"

static const char *const words[] = {"none", "some", NULL};

struct types {
	const char *text;
	int64_t num;
	bool yes;
	int64_t at;
	const char *ref;
	int64_t money;
	int word;
	const char *bytes;
	const void *one;
	struct list items;
	const char *elsewhere;
};
static const struct field types_fields[] = {
    FIELD(types, text, TEXT, OPTIONAL),
    FIELD(types, num, INT, OPTIONAL),
    FIELD(types, yes, BOOL, OPTIONAL),
    FIELD(types, at, TIME, OPTIONAL),
    FIELD(types, ref, ID, OPTIONAL),
    FIELD(types, money, MONEY, OPTIONAL),
    FIELD(types, word, ENUM, OPTIONAL, .names = words),
    FIELD(types, bytes, TEXT, OPTIONAL),
    FIELD(types, one, OBJECT, REQUIRED, .sub = &item_schema),
    FIELD(types, items, LIST, REQUIRED, .sub = &item_schema),
    FIELD(types, elsewhere, TEXT, OPTIONAL),
};
static SCHEMA(types);

static const struct field strict_fields[] = {
    FIELD(item, id, INT, REQUIRED),
    FIELD(item, name, TEXT, REQUIRED),
};
static const struct schema strict_schema = {
    "strict", sizeof(struct item), strict_fields, 2};

#define UUID "0192f1aa-7b3c-7d4e-8f00-112233445566"

static void
every_type(void)
{
	static const unsigned char bytes[] = {0, 1, 0xff, '\\', '\''};
	struct ctx c = fixture_open();
	struct types t = {0};
	const unsigned char *back = NULL;
	const struct item *items;
	size_t n = 0;

	CU_ASSERT_EQUAL_FATAL(
	    db_one(&c, t_types, &types_schema, &t, P_TEXT("it's \"$1\""),
		P_I64(INT64_MIN), P_BOOL(true), P_TIME(1769860800123456),
		P_TEXT(UUID), P_I64(350000), P_TEXT("some"),
		P_BYTES(bytes, sizeof(bytes))),
	    OK);
	CU_ASSERT_STRING_EQUAL(t.text, "it's \"$1\"");
	CU_ASSERT_EQUAL(t.num, INT64_MIN);
	CU_ASSERT_TRUE(t.yes);
	CU_ASSERT_EQUAL(t.at, INT64_C(1769860800123456));
	CU_ASSERT_STRING_EQUAL(t.ref, UUID);
	CU_ASSERT_EQUAL(t.money, 350000);
	CU_ASSERT_EQUAL(t.word, 1);
	CU_ASSERT_EQUAL_FATAL(db_bytes(&c, t.bytes, &back, &n), OK);
	CU_ASSERT_EQUAL_FATAL(n, sizeof(bytes));
	CU_ASSERT_EQUAL(memcmp(back, bytes, n), 0);
	CU_ASSERT_STRING_EQUAL(((const struct item *)t.one)->name, "five");
	CU_ASSERT_EQUAL_FATAL(t.items.n, 2);
	items = t.items.at;
	CU_ASSERT_EQUAL(items[1].id, 2);
	CU_ASSERT_PTR_NULL(items[1].name);
	CU_ASSERT_TRUE(c.db_us > 0);
	fixture_close(&c);
}

static void
nulls(void)
{
	struct ctx c = fixture_open();
	struct types t = {.num = 9};

	CU_ASSERT_EQUAL_FATAL(
	    db_one(&c, t_types, &types_schema, &t, P_TEXT(NULL), P_NULL, P_NULL,
		P_TIME(0), P_NULL, P_NULL, P_NULL, P_NULL),
	    OK);
	CU_ASSERT_PTR_NULL(t.text);
	CU_ASSERT_EQUAL(t.num, 0);
	CU_ASSERT_EQUAL(t.at, 0);
	CU_ASSERT_EQUAL(t.word, 0);
	CU_ASSERT_PTR_NULL(t.bytes);
	fixture_close(&c);
}

static void
arrays(void)
{
	static const int64_t nums[] = {INT64_MAX, -1, 0, 7, 8};
	static const char *const texts[] = {
	    "a,{}\"\\ b", NULL, "", "NULL", "\xc3\xa9\n"};
	struct ctx c = fixture_open();
	struct list l = {0};
	const struct item *items;

	CU_ASSERT_EQUAL_FATAL(db_many(&c, t_arrays, &item_schema, &l,
				  P_I64S(nums, 5), P_TEXTS(texts, 5)),
	    OK);
	CU_ASSERT_EQUAL_FATAL(l.n, 5);
	items = l.at;
	for (size_t i = 0; i < l.n; i++) {
		CU_ASSERT_EQUAL(items[i].id, nums[i]);
		if (texts[i] == NULL)
			CU_ASSERT_PTR_NULL(items[i].name)
		else
			CU_ASSERT_STRING_EQUAL(items[i].name, texts[i]);
	}
	CU_ASSERT_EQUAL_FATAL(db_many(&c, t_arrays, &item_schema, &l,
				  P_I64S(nums, 0), P_TEXTS(texts, 0)),
	    OK);
	CU_ASSERT_EQUAL(l.n, 0);
	fixture_close(&c);
}

static void
rows_and_counts(void)
{
	struct ctx c = fixture_open();
	struct item i = {0};
	struct list l = {0};
	bool found = true;
	int64_t n = -1;

	CU_ASSERT_EQUAL(
	    db_one(&c, t_get, &item_schema, &i, P_I64(1)), ERR_NOT_FOUND);
	CU_ASSERT_EQUAL(
	    db_maybe(&c, t_get, &item_schema, &i, &found, P_I64(1)), OK);
	CU_ASSERT_FALSE(found);
	CU_ASSERT_EQUAL(db_exec(&c, t_add, &n, P_I64(1), P_TEXT("one")), OK);
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(2), P_NULL), OK);
	CU_ASSERT_EQUAL(
	    db_maybe(&c, t_get, &item_schema, &i, &found, P_I64(1)), OK);
	CU_ASSERT_TRUE(found);
	CU_ASSERT_STRING_EQUAL(i.name, "one");
	CU_ASSERT_EQUAL(db_many(&c, t_list, &item_schema, &l), OK);
	CU_ASSERT_EQUAL(l.n, 2);
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, &n, P_I64(3)), OK);
	CU_ASSERT_EQUAL(n, 0);
	/* Two rows where one is wanted is our bug. */
	CU_ASSERT_EQUAL(db_run_one(&c, Q_t_list, &item_schema, &i, NULL, NULL),
	    ERR_INTERNAL);
	fixture_close(&c);
}

static void
quotes(void)
{
	struct ctx c = fixture_open();
	struct {
		const char *b, *c;
	} row = {0};
	static const struct field fields[] = {
	    {.name = "b", .type = FIELD_TEXT, .required = true},
	    {.name = "c",
		.type = FIELD_TEXT,
		.offset = sizeof(char *),
		.required = true},
	};
	const struct schema s = {"quotes", sizeof(row), fields, 2};

	CU_ASSERT_EQUAL_FATAL(
	    db_one(&c, t_quotes, &s, &row, P_TEXT("1"), P_TEXT("2")), OK);
	CU_ASSERT_STRING_EQUAL(row.b, "line one; $2\n\n  \"two\" \\ it's");
	CU_ASSERT_STRING_EQUAL(row.c, "x2");
	CU_ASSERT_EQUAL(query_texts[Q_t_setup].nparams, 0);
	CU_ASSERT_FALSE(query_texts[Q_t_setup].is_read);
	CU_ASSERT_TRUE(query_texts[Q_t_list].is_read);
	fixture_close(&c);
}

static void
wrong_rows(void)
{
	struct ctx c = fixture_open();
	struct settings s = {0};
	struct item i = {0};

	/* A column that is not there. */
	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(1), P_NULL), OK);
	CU_ASSERT_EQUAL(
	    db_run_one(&c, Q_t_list, &settings_schema, &s, NULL, NULL),
	    ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "no column search_path"));
	/* A null where a value is required. */
	CU_ASSERT_EQUAL(
	    db_run_one(&c, Q_t_list, &strict_schema, &i, NULL, NULL),
	    ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "name is null"));
	/* A text where a number is wanted. */
	CU_ASSERT_EQUAL(db_one(&c, t_texts, &item_schema, &i), ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "id has a bad type"));
	fixture_close(&c);
}

static void
errors(void)
{
	struct ctx c = fixture_open();

	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")), OK);
	CU_ASSERT_EQUAL(
	    db_exec(&c, t_add, NULL, P_I64(2), P_TEXT("a")), ERR_CONFLICT);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "item_name_key"));
	CU_ASSERT_EQUAL(db_exec(&c, t_raise, NULL, P_TEXT("no_funds"),
			    P_TEXT("hold 5 of 3")),
	    ERR_NO_FUNDS);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "hold 5 of 3"));
	CU_ASSERT_EQUAL(
	    db_exec(&c, t_raise, NULL, P_TEXT("strange"), P_TEXT("")),
	    ERR_INTERNAL);
	CU_ASSERT_EQUAL(db_exec(&c, t_missing, NULL), ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "42P01"));
	/* The server's own timeout leaves no doubt. */
	CU_ASSERT_EQUAL(
	    db_exec(&c, t_sleep_write, NULL, P_I64(3000)), ERR_TIMEOUT);
	/* The connection is as good as new after each of them. */
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), OK);
	CU_ASSERT_EQUAL(
	    db_run_script(&c, "SELECT 1; SELECT nonsense; SELECT 2"),
	    ERR_INTERNAL);
	CU_ASSERT_EQUAL(
	    db_run_script(&c, "COPY public.item TO STDOUT"), ERR_UNCERTAIN);
	CU_ASSERT_EQUAL(db_exec(&c, t_bump, NULL, P_I64(1)), OK);
	fixture_close(&c);
}

static void
session(void)
{
	struct ctx c = fixture_open();
	struct settings s = {0};

	CU_ASSERT_EQUAL_FATAL(db_one(&c, t_settings, &settings_schema, &s), OK);
	CU_ASSERT_STRING_EQUAL(s.search_path, "numlease,pg_catalog");
	CU_ASSERT_STRING_EQUAL(s.statement_timeout, "1800ms");
	CU_ASSERT_STRING_EQUAL(s.lock_timeout, "1500ms");
	CU_ASSERT_STRING_EQUAL(s.zone, "UTC");
	CU_ASSERT_STRING_EQUAL(s.application, "numlease");
	fixture_close(&c);
}

static void
unprepared(void)
{
	struct ctx c = fixture_open();
	struct item i = {0};

	db_pool_unprepared(c.pg);
	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")), OK);
	CU_ASSERT_EQUAL(db_one(&c, t_get, &item_schema, &i, P_I64(1)), OK);
	CU_ASSERT_STRING_EQUAL(i.name, "a");
	fixture_close(&c);
}

/* After a migration the old plan may not fit: prepared anew, unseen. */
static void
outdated_plan(void)
{
	struct ctx c = fixture_open();
	struct list l = {0};

	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")), OK);
	CU_ASSERT_EQUAL(db_many(&c, t_list, &item_schema, &l), OK);
	CU_ASSERT_EQUAL(db_exec(&c, t_widen, NULL), OK);
	CU_ASSERT_EQUAL(db_many(&c, t_list, &item_schema, &l), OK);
	CU_ASSERT_EQUAL(l.n, 1);
	fixture_close(&c);
}

static void
bad_conninfo(void)
{
	struct ctx c = {.mem = arena_new("test", 1 << 20)};

	CU_ASSERT_EQUAL(
	    db_pool_open(&c, "nonsense=1", 1, 100, &c.pg), ERR_INTERNAL);
	CU_ASSERT_PTR_NULL(c.pg);
	CU_ASSERT_EQUAL_FATAL(
	    db_pool_open(&c, "host=/nowhere", 1, 100, &c.pg), OK);
	logbook_expect("db.down");
	CU_ASSERT_EQUAL(db_exec(&c, t_missing, NULL), ERR_UNAVAILABLE);
	fixture_close(&c);
}

/* It acts as the role from the first statement, and may no more than it. */
static void
acts_as_role(void)
{
	struct ctx c = fixture_open();
	struct settings s = {0};

	db_pool_close(&c.pg);
	CU_ASSERT_EQUAL_FATAL(
	    db_pool_open(&c, scratch_conninfo(), 1, 2000, &c.pg), OK);
	db_pool_role(c.pg, "pg_monitor");
	CU_ASSERT_EQUAL(db_one(&c, t_settings, &settings_schema, &s), OK);
	CU_ASSERT_STRING_EQUAL(s.application, "pg_monitor");
	CU_ASSERT_EQUAL(
	    db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")), ERR_INTERNAL);
	CU_ASSERT_PTR_NOT_NULL(strstr(c.err_why, "permission denied"));
	fixture_close(&c);
}

static void
unknown_role(void)
{
	struct ctx c = fixture_open();

	db_pool_close(&c.pg);
	CU_ASSERT_EQUAL_FATAL(
	    db_pool_open(&c, scratch_conninfo(), 1, 2000, &c.pg), OK);
	db_pool_role(c.pg, "nobody_of_that_name");
	logbook_expect("db.down");
	CU_ASSERT_EQUAL(
	    db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")), ERR_UNAVAILABLE);
	fixture_close(&c);
}

static enum err proof;
static int proofs;

static enum err
prove(struct ctx *c)
{
	proofs++;
	CU_ASSERT_PTR_NOT_NULL_FATAL(c->db);
	TRY(db_exec(c, t_add, NULL, P_I64(100 + proofs), P_NULL));
	return proof == OK ? OK : fail(c, proof, "not proven");
}

static void
proven_first(void)
{
	struct ctx c = fixture_open();
	struct list l = {0};

	db_pool_close(&c.pg);
	CU_ASSERT_EQUAL_FATAL(
	    db_pool_open(&c, scratch_conninfo(), 1, 2000, &c.pg), OK);
	db_pool_prove(c.pg, prove);
	proof = ERR_CONFLICT;
	for (int i = 0; i < 2;
	     i++) /* the one place of the pool is free again */
		CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(1), P_TEXT("a")),
		    ERR_CONFLICT);
	proof = OK;
	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(2), P_TEXT("b")), OK);
	CU_ASSERT_EQUAL(db_exec(&c, t_add, NULL, P_I64(3), P_TEXT("c")), OK);
	CU_ASSERT_EQUAL(proofs, 3);
	CU_ASSERT_PTR_NULL(c.db);
	CU_ASSERT_EQUAL_FATAL(db_many(&c, t_list, &item_schema, &l), OK);
	CU_ASSERT_EQUAL_FATAL(l.n, 5); /* of the proofs, and the last two */
	CU_ASSERT_EQUAL(((const struct item *)l.at)[0].id, 2);
	fixture_close(&c);
}

/* Each copy has the schema, and nothing that another has done. */
static void
migrated(void)
{
	struct ctx c = {.mem = arena_new("test", 1 << 20)};

	for (int i = 0; i < 2; i++) {
		CU_ASSERT_EQUAL_FATAL(scratch_open(&c), OK);
		CU_ASSERT_EQUAL(db_run_script(&c,
				    "SELECT FROM numlease.wallets;"
				    "CREATE TABLE numlease.mine ()"),
		    OK);
		scratch_close(&c);
	}
	arena_free(&c.mem);
}

SUITE("db", {"every type goes there and comes back", every_type},
    {"null is NULL, 0 or false", nulls},
    {"arrays keep every element as it is", arrays},
    {"one, maybe, many and exec count their rows", rows_and_counts},
    {"quoted dollars and semicolons are text", quotes},
    {"a row that does not fit its struct is our bug", wrong_rows},
    {"SQLSTATEs become our errors", errors},
    {"a session is pinned when it begins", session},
    {"statements also run unprepared", unprepared},
    {"an outdated plan is prepared anew", outdated_plan},
    {"a bad address fails clearly", bad_conninfo},
    {"a connection acts as its role", acts_as_role},
    {"a role that is not there is refused", unknown_role},
    {"nothing runs before what has to be proven", proven_first},
    {"every test gets a migrated database of its own", migrated})
