#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "harness/suite.h"
#include "web/router.h"

#define ROW(m, p, op_, doors_)                                            \
	{                                                                 \
		.op = (op_), .path = (p), .method = METHOD_##m,           \
		.doors = (doors_), .who = WHO_ANYONE, .limit = LIMIT_STD, \
		.idem = IDEM_NONE                                         \
	}
static const struct route rows[] = {
    ROW(GET, "/a", "list", DOOR_WEB | DOOR_V1),
    ROW(POST, "/a", "add", DOOR_WEB),
    ROW(GET, "/a/{id}", "read", DOOR_WEB),
    ROW(GET, "/a/fixed", "fixed", DOOR_WEB),
    ROW(GET, "/b/fixed", "first", DOOR_WEB), /* in either order */
    ROW(GET, "/b/{id}", "second", DOOR_WEB),
    ROW(POST, "/a/{id}/b/{name}", "deep", DOOR_WEB),
    ROW(GET, "/word", "word", DOOR_COMPAT),
};
static const struct route_table table = {rows, sizeof(rows) / sizeof(rows[0])};

static struct ctx c;
static struct request rq;
static const char *allow;

/* The operation of a request, or the name of the error. */
static const char *
find(enum method method, const char *uri)
{
	enum err e;

	arena_free(&c.mem);
	c.mem = arena_new("test", 1 << 20);
	rq = (struct request){.method = method};
	if (!router_door(uri, &rq.door, &rq.path))
		return "no door";
	e = router_find(&c, &table, &rq, &allow);
	return e == OK ? rq.route->op : err_row(e)->name;
}

static void
template_and_method_decide(void)
{
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/a"), "list");
	CU_ASSERT_STRING_EQUAL(find(METHOD_POST, "/api/a"), "add");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/a/12"), "read");
	CU_ASSERT_EQUAL(rq.value_count, 1);
	CU_ASSERT_STRING_EQUAL(rq.values[0].name, "id");
	CU_ASSERT_STRING_EQUAL(rq.values[0].value, "12");
	CU_ASSERT_STRING_EQUAL(find(METHOD_POST, "/api/a/x/b/y.z"), "deep");
	CU_ASSERT_EQUAL(rq.value_count, 2);
	CU_ASSERT_STRING_EQUAL(rq.values[1].name, "name");
	CU_ASSERT_STRING_EQUAL(rq.values[1].value, "y.z");
}

static void
exact_path_is_preferred(void)
{
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/a/fixed"), "fixed");
	CU_ASSERT_EQUAL(rq.value_count, 0);
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/a/fixedx"), "read");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/b/fixed"), "first");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/b/1"), "second");
}

static void
near_misses_are_not_found(void)
{
	static const char *const uris[] = {"/api/", "/api/b", "/api/a/",
	    "/api/a/1/", "/api/a/1/2", "/api/A", "/api/a//b/x", "/api/a/a b",
	    "/api/a/\xc3\xa9"};

	for (size_t i = 0; i < sizeof(uris) / sizeof(uris[0]); i++)
		CU_ASSERT_STRING_EQUAL(find(METHOD_GET, uris[i]), "not_found");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/a"), "no door");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/apix/a"), "no door");
}

static void
other_method_is_told_which(void)
{
	CU_ASSERT_STRING_EQUAL(
	    find(METHOD_DELETE, "/api/a"), "method_not_allowed");
	CU_ASSERT_STRING_EQUAL(allow, "GET, HEAD, POST");
	CU_ASSERT_STRING_EQUAL(
	    find(METHOD_GET, "/api/a/1/b/2"), "method_not_allowed");
	CU_ASSERT_STRING_EQUAL(allow, "POST");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/none"), "not_found");
	CU_ASSERT_PTR_NULL(allow);
}

static void
doors_are_apart(void)
{
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/v1/a"), "list");
	CU_ASSERT_EQUAL(rq.door, DOOR_V1);
	CU_ASSERT_STRING_EQUAL(
	    find(METHOD_POST, "/api/v1/a"), "method_not_allowed");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/v1/a/1"), "not_found");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/compat/word"), "word");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/word"), "not_found");
	CU_ASSERT_STRING_EQUAL(find(METHOD_GET, "/api/v1x/a"), "not_found");
}

static void
methods_by_name(void)
{
	CU_ASSERT_EQUAL(router_method("HEAD"), METHOD_GET);
	CU_ASSERT_EQUAL(router_method("DELETE"), METHOD_DELETE);
	CU_ASSERT_EQUAL(router_method("get"), METHOD_OTHER);
	CU_ASSERT_EQUAL(router_method("OPTIONS"), METHOD_OTHER);
	CU_ASSERT_EQUAL(router_method(""), METHOD_OTHER);
}

static void
matrix_is_printed(void)
{
	struct buf b;

	(void)find(METHOD_GET, "/api/a");
	buf_init(&b, c.mem);
	router_print(&b, &table);
	CU_ASSERT_PTR_NOT_NULL(strstr(b.at, "GET    /a "));
	CU_ASSERT_PTR_NOT_NULL(strstr(b.at, "web,v1"));
	CU_ASSERT_PTR_NULL(strstr(b.at, "UNSET"));
}

SUITE("router", {"path and method decide", template_and_method_decide},
    {"a path without braces is preferred", exact_path_is_preferred},
    {"near misses are not found", near_misses_are_not_found},
    {"another method is told which are allowed", other_method_is_told_which},
    {"a door shows its own rows only", doors_are_apart},
    {"methods are known by their exact names", methods_by_name},
    {"the matrix is printed", matrix_is_printed})
