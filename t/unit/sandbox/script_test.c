#include "harness/suite.h"
#include "sandbox/script.h"

static struct script script;

static void
add(const char *kind, enum op op, int service, int64_t count)
{
	struct fault f = {.kind = fault_kind_find(kind),
	    .op = op,
	    .service = service,
	    .count = count};

	CU_ASSERT_PTR_NOT_NULL_FATAL(f.kind);
	CU_ASSERT_TRUE(script_add(&script, &f));
}

static const char *
take(enum op op, int service)
{
	struct fault f;

	return script_take(&script, op, service, &f) ? f.kind->name : "none";
}

static void
in_order(void)
{
	script_clear(&script);
	add("empty", OP_buy, WORLD_NONE, 1);
	add("html", OP_status, WORLD_NONE, 1);
	add("garbage", OP_buy, WORLD_NONE, 1);
	CU_ASSERT_STRING_EQUAL(take(OP_status, WORLD_NONE), "html");
	CU_ASSERT_STRING_EQUAL(take(OP_buy, 3), "empty");
	CU_ASSERT_STRING_EQUAL(take(OP_status, WORLD_NONE), "none");
	CU_ASSERT_STRING_EQUAL(take(OP_buy, 3), "garbage");
	CU_ASSERT_STRING_EQUAL(take(OP_buy, 3), "none");
}

static void
counted(void)
{
	script_clear(&script);
	add("empty", OP_ANY, WORLD_NONE, 2);
	add("html", OP_buy, 4, -1);
	CU_ASSERT_STRING_EQUAL(take(OP_buy, 4), "empty");
	CU_ASSERT_STRING_EQUAL(take(OP_other, WORLD_NONE), "empty");
	for (int i = 0; i < 1000; i++)
		CU_ASSERT_STRING_EQUAL(take(OP_buy, 4), "html");
	CU_ASSERT_STRING_EQUAL(take(OP_buy, 5), "none");
	script_clear(&script);
	CU_ASSERT_STRING_EQUAL(take(OP_buy, 4), "none");
}

static void
bounded(void)
{
	struct fault f = {.kind = fault_kind_find("empty"), .count = 1};

	script_clear(&script);
	for (int i = 0; i < SCRIPT_MAX; i++)
		CU_ASSERT_TRUE(script_add(&script, &f));
	CU_ASSERT_FALSE(script_add(&script, &f));
	script_clear(&script);
}

static void
named(void)
{
	for (int i = 0; i <= OP_ANY; i++)
		CU_ASSERT_EQUAL((int)op_find(op_name((enum op)i)), i);
	CU_ASSERT_EQUAL((int)op_find("nothing"), OP_ANY + 1);
	CU_ASSERT_EQUAL((int)op_find(NULL), OP_ANY + 1);
	CU_ASSERT_PTR_NULL(fault_kind_find("nothing"));
	CU_ASSERT_PTR_NULL(fault_kind_find(NULL));
}

SUITE("script", {"faults are used in order, by operation", in_order},
    {"a fault is used as often as it says", counted},
    {"a script has an end", bounded},
    {"every operation and kind has its name", named})
