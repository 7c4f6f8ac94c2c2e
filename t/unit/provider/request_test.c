#include "base/text.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "provider/request.h"
#include "unit/provider/fixtures.h"
#include "unit/provider/scene.h"

/* A descriptor whose secret and body go where %s say. */
static const char frame[] =
    "{\"schema\":1,\"id\":\"t\",\"currency\":\"USD\","
    "\"http\":{\"base\":\"https://a.example/api/\",\"timeout_ms\":1500,"
    "\"max_body\":65536,\"headers\":{\"Accept\":\"application/json\"}},"
    "\"auth\":{\"type\":\"static\",\"place\":\"%s\",\"name\":\"key\","
    "\"format\":\"K {key}\"},"
    "\"limits\":{},\"vars\":{},"
    "\"time\":{\"formats\":[\"rfc3339\"],\"ttl_default_s\":600},"
    "\"rules\":{\"word\":{\"text\":true},\"errors\":[]},"
    "\"ops\":{"
    "\"buy\":{\"request\":{\"method\":\"%s\",\"path\":\"/b/{country}\"%s},"
    "\"rules\":[{\"if\":{\"json\":\"$.id\",\"exists\":true},"
    "\"ok\":{\"id\":{\"json\":\"$.id\"}}}]},"
    "\"status\":{\"request\":{\"method\":\"GET\",\"path\":\"/{id}\"},"
    "\"rules\":[{\"if\":{\"word\":\"W\"},\"state\":\"waiting\"}]}}}";

#define FIELDS \
	"{\"s\":\"{service}\",\"m\":{\"v\":\"{max_price}\",\"omit_if\":[\"\"]}}"

static const struct {
	const char *place, *method, *extra;
	const char *url, *body, *type;
} calls[] = {
    {"query", "GET", "", "https://a.example/api/b/gb?key=K%20s%26e", NULL,
	NULL},
    {"query", "GET", ",\"query\":" FIELDS,
	"https://a.example/api/b/gb?key=K%20s%26e&s=t%2Bg&m=0.5", NULL, NULL},
    {"header", "GET", ",\"query\":" FIELDS,
	"https://a.example/api/b/gb?s=t%2Bg&m=0.5", NULL, NULL},
    {"form", "POST", ",\"form\":" FIELDS, "https://a.example/api/b/gb",
	"key=K%20s%26e&s=t%2Bg&m=0.5", "application/x-www-form-urlencoded"},
    {"json", "POST", ",\"json\":" FIELDS, "https://a.example/api/b/gb",
	"{\"key\":\"K s&e\",\"s\":\"t+g\",\"m\":\"0.5\"}", "application/json"},
    {"header", "PUT", ",\"json\":" FIELDS, "https://a.example/api/b/gb",
	"{\"s\":\"t+g\",\"m\":\"0.5\"}", "application/json"},
    {"query", "DELETE", "", "https://a.example/api/b/gb?key=K%20s%26e", NULL,
	NULL},
};

static const struct descriptor *
describe(
    struct scene *s, const char *place, const char *method, const char *extra)
{
	const struct descriptor *d = NULL;
	char text[4096];

	(void)snprintf(text, sizeof(text), frame, place, method, extra);
	if (descriptor_parse(&s->c, fixtures_dir(), text, strlen(text), &d) !=
	    OK)
		printf("# %s\n", s->c.err_why);
	CU_ASSERT_PTR_NOT_NULL_FATAL(d);
	return d;
}

static const char *
header(const struct call *call, const char *name)
{
	for (size_t i = 0; i < call->header_count; i++)
		if (text_eq(call->headers[i].name, name))
			return call->headers[i].value;
	return NULL;
}

static struct vars
purchase(void)
{
	return (struct vars){.key = "s&e",
	    .service = "t+g",
	    .country = "gb",
	    .max_price = 500000};
}

static void
written_where_it_belongs(void)
{
	struct vars v = purchase();

	for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
		const struct descriptor *d;
		struct call call;
		struct scene s;

		scene_open(&s);
		d = describe(
		    &s, calls[i].place, calls[i].method, calls[i].extra);
		CU_ASSERT_EQUAL_FATAL(
		    engine_request(&s.c, d, OP_BUY, &v, &call), OK);
		CU_ASSERT_STRING_EQUAL(call.method, calls[i].method);
		CU_ASSERT_STRING_EQUAL(call.url, calls[i].url);
		CU_ASSERT(text_eq(call.body, calls[i].body));
		CU_ASSERT(
		    text_eq(header(&call, "Content-Type"), calls[i].type));
		CU_ASSERT(text_eq(header(&call, "key"),
		    text_eq(calls[i].place, "header") ? "K s&e" : NULL));
		CU_ASSERT(text_eq(header(&call, "Accept"), "application/json"));
		CU_ASSERT_PTR_NULL(strstr(call.shown, "s%26e"));
		CU_ASSERT_EQUAL(call.timeout, 1500000);
		CU_ASSERT_EQUAL(call.max_body, 65536);
		CU_ASSERT_TRUE(call.paid);
		scene_close(&s);
	}
}

/* Line breaks must not make new headers, quotes no new JSON members. */
static void
values_cannot_break_out(void)
{
	struct vars v = purchase();
	const struct descriptor *d;
	struct call call;
	struct scene s;

	scene_open(&s);
	v.service = "a\",\"key\":\"b\r\n";
	d = describe(&s, "query", "POST", ",\"json\":" FIELDS);
	CU_ASSERT_EQUAL_FATAL(engine_request(&s.c, d, OP_BUY, &v, &call), OK);
	CU_ASSERT_STRING_EQUAL(call.body,
	    "{\"s\":\"a\\\",\\\"key\\\":\\\"b\\r\\n\",\"m\":\"0.5\"}");
	d = describe(
	    &s, "query", "POST", ",\"headers\":{\"X-Service\":\"{service}\"}");
	CU_ASSERT_EQUAL(
	    engine_request(&s.c, d, OP_BUY, &v, &call), ERR_BAD_INPUT);
	v = purchase();
	v.key = "a\r\nX: b";
	d = describe(&s, "header", "GET", "");
	CU_ASSERT_EQUAL(
	    engine_request(&s.c, d, OP_BUY, &v, &call), ERR_BAD_INPUT);
	scene_close(&s);
}

static void
what_is_missing_is_refused(void)
{
	struct vars v = purchase();
	const struct descriptor *d;
	struct call call;
	struct scene s;

	scene_open(&s);
	d = describe(&s, "query", "GET", ",\"query\":" FIELDS);
	v.max_price = 0; /* may be left out */
	CU_ASSERT_EQUAL(engine_request(&s.c, d, OP_BUY, &v, &call), OK);
	v.service = "";
	CU_ASSERT_EQUAL(
	    engine_request(&s.c, d, OP_BUY, &v, &call), ERR_BAD_INPUT);
	v = purchase();
	v.key = NULL;
	CU_ASSERT_EQUAL(
	    engine_request(&s.c, d, OP_BUY, &v, &call), ERR_BAD_INPUT);
	v = purchase();
	v.country = NULL;
	CU_ASSERT_EQUAL(
	    engine_request(&s.c, d, OP_BUY, &v, &call), ERR_BAD_INPUT);
	scene_close(&s);
}

SUITE("request",
    {"a call is written where the descriptor says", written_where_it_belongs},
    {"a value cannot break out of its place", values_cannot_break_out},
    {"a missing value is refused", what_is_missing_is_refused})
