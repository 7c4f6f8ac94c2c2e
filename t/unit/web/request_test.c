#include <string.h>

#include "base/arena.h"
#include "harness/suite.h"
#include "web/request.h"

static struct ctx c;
static struct request rq;
static const char *params[8];

static void
start(void)
{
	arena_free(&c.mem);
	c.mem = arena_new("test", 1 << 20);
	memset(params, 0, sizeof(params));
	rq = (struct request){.params = params};
}

static void
header_by_name(void)
{
	start();
	params[0] = "HTTP_X_ONE=1";
	params[1] = "CONTENT_TYPE=text/plain";
	params[2] = "HTTP_X_TWO=a";
	params[3] = "HTTP_X_TWO=b";
	params[4] = "HTTP_X_EMPTY=";
	CU_ASSERT_STRING_EQUAL(request_header(&rq, "X-One"), "1");
	CU_ASSERT_STRING_EQUAL(request_header(&rq, "x-one"), "1");
	CU_ASSERT_STRING_EQUAL(
	    request_header(&rq, "Content-Type"), "text/plain");
	CU_ASSERT_STRING_EQUAL(request_header(&rq, "X-Empty"), "");
	CU_ASSERT_PTR_NULL(request_header(&rq, "X-Two"));
	CU_ASSERT_PTR_NULL(request_header(&rq, "X-On"));
	CU_ASSERT_PTR_NULL(request_header(&rq, "X-None"));
}

static void
cookie_by_name(void)
{
	start();
	CU_ASSERT_PTR_NULL(request_cookie(&c, &rq, "a"));
	params[0] = "HTTP_COOKIE=a=1; __Host-rt=tok.en-_;b=2 ; aa=3";
	CU_ASSERT_STRING_EQUAL(request_cookie(&c, &rq, "a"), "1");
	CU_ASSERT_STRING_EQUAL(
	    request_cookie(&c, &rq, "__Host-rt"), "tok.en-_");
	CU_ASSERT_STRING_EQUAL(request_cookie(&c, &rq, "b"), "2");
	CU_ASSERT_STRING_EQUAL(request_cookie(&c, &rq, "aa"), "3");
	CU_ASSERT_PTR_NULL(request_cookie(&c, &rq, "rt"));
}

static void
param_is_decoded(void)
{
	start();
	rq.query = "a=1&b=x%20y+z&a=2&empty=&flag&u=%c3%a9&bad=%zz&b%64=no";
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "a"), "1");
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "b"), "x y z");
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "empty"), "");
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "flag"), "");
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "u"), "\xc3\xa9");
	CU_ASSERT_PTR_NULL(request_param(&c, &rq, "bad"));
	CU_ASSERT_PTR_NULL(request_param(&c, &rq, "none"));
	rq.query = NULL;
	CU_ASSERT_PTR_NULL(request_param(&c, &rq, "a"));
}

static void
form_is_read_like_a_query(void)
{
	start();
	rq.query = "a=query";
	rq.body = "a=body&b=form";
	rq.body_size = strlen(rq.body);
	CU_ASSERT_PTR_NULL(request_param(&c, &rq, "b"));
	params[0] = "CONTENT_TYPE=application/x-www-form-urlencoded";
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "a"), "query");
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "b"), "form");
	rq.body = "b=%";
	rq.body_size = 3;
	CU_ASSERT_FALSE(request_is_decodable(&c, &rq));
}

static void
blanks_around_a_name(void)
{
	start();
	rq.query = "country+=16&%20time%20=4&country=2";
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "country"), "2");
	CU_ASSERT_PTR_NULL(request_param(&c, &rq, "time"));
	rq.door = DOOR_COMPAT;
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "country"), "16");
	CU_ASSERT_STRING_EQUAL(request_param(&c, &rq, "time"), "4");
	CU_ASSERT_PTR_NULL(request_param(&c, &rq, "coun"));
}

static void
bearer_only(void)
{
	start();
	CU_ASSERT_PTR_NULL(request_bearer(&rq));
	params[0] = "HTTP_AUTHORIZATION=Bearer tok";
	CU_ASSERT_STRING_EQUAL(request_bearer(&rq), "tok");
	params[0] = "HTTP_AUTHORIZATION=bearer tok";
	CU_ASSERT_STRING_EQUAL(request_bearer(&rq), "tok");
	params[0] = "HTTP_AUTHORIZATION=Basic tok";
	CU_ASSERT_PTR_NULL(request_bearer(&rq));
	params[0] = "HTTP_AUTHORIZATION=Bearer";
	CU_ASSERT_PTR_NULL(request_bearer(&rq));
}

SUITE("request",
    {"a header is found by its name, unless sent twice", header_by_name},
    {"a cookie is found by its whole name", cookie_by_name},
    {"a parameter is decoded", param_is_decoded},
    {"a form is read like a query", form_is_read_like_a_query},
    {"blanks around a name count, but not at the compatibility door",
	blanks_around_a_name},
    {"only a bearer token is a credential", bearer_only})
