#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "harness/suite.h"
#include "web/members.h"

static struct arena *mem;
static struct buf b;

static void
start(void)
{
	arena_free(&mem);
	mem = arena_new("test", 1 << 20);
	buf_init(&b, mem);
}

static void
commas_follow(void)
{
	start();
	members_open(&b, NULL, '{');
	members_open(&b, "16", '{');
	members_int(&b, "a", -1);
	members_text(&b, "b", "x");
	members_close(&b, '}');
	members_open(&b, "list", '[');
	members_text(&b, NULL, "{");
	members_text(&b, NULL, "[");
	members_open(&b, NULL, '{');
	members_close(&b, '}');
	members_int(&b, NULL, 2);
	members_close(&b, ']');
	members_text(&b, "none", NULL);
	members_close(&b, '}');
	CU_ASSERT_STRING_EQUAL(b.at,
	    "{\"16\":{\"a\":-1,\"b\":\"x\"},"
	    "\"list\":[\"{\",\"[\",{},2],\"none\":null}");
}

static void
text_is_escaped(void)
{
	start();
	members_open(&b, NULL, '{');
	members_text(&b, "a\"b", "c\n\"");
	members_close(&b, '}');
	CU_ASSERT_STRING_EQUAL(b.at, "{\"a\\\"b\":\"c\\n\\\"\"}");
}

static void
money_is_a_number(void)
{
	start();
	members_open(&b, NULL, '[');
	members_money(&b, NULL, 12500000);
	members_money(&b, NULL, 350001);
	members_money(&b, NULL, 0);
	members_close(&b, ']');
	CU_ASSERT_STRING_EQUAL(b.at, "[12.50,0.350001,0.00]");
}

SUITE("members", {"commas stand where they must", commas_follow},
    {"keys and text are escaped", text_is_escaped},
    {"money is a number of two decimals or more", money_is_a_number})
