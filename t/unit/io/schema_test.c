#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "harness/suite.h"
#include "io/rules.h"
#include "io/schema.h"

struct item {
	const char *url;
	int64_t count;
};
static const struct field item_fields[] = {
    FIELD(item, url, TEXT, REQUIRED, .lo = 1, .hi = 40, .check = is_url_https),
    FIELD(item, count, INT, OPTIONAL, .lo = 1, .hi = 9, .def = 5),
};
static SCHEMA(item);

static const char *const colours[] = {"red", "green", "blue", NULL};

struct all {
	const char *id;
	int64_t limit;
	bool wait;
	int state;
	const char *service;
	int64_t amount;
	int64_t price;
	int64_t at;
	const char *ref;
	int colour;
	bool on;
	const void *one;
	struct list items;
	const char *note;
	const char *letter;
};
static const struct field all_fields[] = {
    FIELD(all, id, ID, REQUIRED, .from = FROM_PATH),
    FIELD(all, limit, INT, OPTIONAL, .from = FROM_QUERY, .lo = 1, .hi = 100,
	.def = 20),
    FIELD(all, wait, BOOL, OPTIONAL, .from = FROM_QUERY),
    FIELD(all, state, ENUM, OPTIONAL, .from = FROM_QUERY, .names = colours),
    FIELD(all, service, TEXT, REQUIRED, .lo = 1, .hi = 5, .check = is_slug),
    FIELD(all, amount, INT, REQUIRED, .lo = -5, .hi = 0),
    FIELD(all, price, MONEY, OPTIONAL, .lo = 1, .hi = 2000000),
    FIELD(all, at, TIME, OPTIONAL),
    FIELD(all, ref, ID, OPTIONAL, .nullable = true),
    FIELD(all, colour, ENUM, OPTIONAL, .names = colours, .def = 2),
    FIELD(all, on, BOOL, OPTIONAL),
    FIELD(all, one, OBJECT, OPTIONAL, .sub = &item_schema, .nullable = true),
    FIELD(all, items, LIST, OPTIONAL, .sub = &item_schema, .hi = 2),
    FIELD(all, note, TEXT, OPTIONAL, .hi = 3),
    FIELD(all, letter, TEXT, OPTIONAL, .hi = 9, .lines = true),
};
static SCHEMA(all);

#define UUID "0192f1aa-7b3c-7d4e-8f00-112233445566"

/* Path and query as "name=value" rows. */
struct outer {
	const char *rows[8];
};

static const char *
outer_value(const void *arg, enum field_from from, const char *name)
{
	const struct outer *o = arg;
	size_t n = strlen(name);

	(void)from;
	for (size_t i = 0; o->rows[i] != NULL; i++)
		if (strncmp(o->rows[i], name, n) == 0 && o->rows[i][n] == '=')
			return o->rows[i] + n + 1;
	return NULL;
}

static struct ctx
begin(void)
{
	return (struct ctx){.mem = arena_new("test", 1 << 20)};
}

static enum err
read_all(struct ctx *c, const struct outer *o, const char *body, void **out)
{
	struct schema_source from = {.body = body,
	    .body_size = body != NULL ? strlen(body) : 0,
	    .value = outer_value,
	    .arg = o};

	return schema_read(c, &all_schema, &from, out);
}

static const struct outer path_only = {{"id=" UUID}};
#define BODY_OK "\"service\":\"tg\",\"amount\":-1"

static void
reads_every_type(void)
{
	static const struct outer o = {
	    {"id=" UUID, "limit=7", "wait=true", "state=green"}};
	struct ctx c = begin();
	void *out = NULL;
	const struct all *a;
	const struct item *item;

	CU_ASSERT_EQUAL_FATAL(
	    read_all(&c, &o,
		"{" BODY_OK
		",\"price\":\"1.5\",\"at\":\"2026-01-31T12:00:00Z\","
		"\"ref\":\"" UUID "\",\"colour\":\"blue\",\"on\":true,"
		"\"one\":{\"url\":\"https://a.b\",\"count\":3},\"items\":["
		"{\"url\":\"https://c.d\"},{\"url\":\"https://e.f\"}]}",
		&out),
	    OK);
	a = out;
	CU_ASSERT_STRING_EQUAL(a->id, UUID);
	CU_ASSERT_EQUAL(a->limit, 7);
	CU_ASSERT_TRUE(a->wait);
	CU_ASSERT_EQUAL(a->state, 1);
	CU_ASSERT_STRING_EQUAL(a->service, "tg");
	CU_ASSERT_EQUAL(a->amount, -1);
	CU_ASSERT_EQUAL(a->price, 1500000);
	CU_ASSERT_EQUAL(a->at, INT64_C(1769860800000000));
	CU_ASSERT_STRING_EQUAL(a->ref, UUID);
	CU_ASSERT_EQUAL(a->colour, 2);
	CU_ASSERT_TRUE(a->on);
	item = a->one;
	CU_ASSERT_EQUAL(item->count, 3);
	CU_ASSERT_EQUAL_FATAL(a->items.n, 2);
	item = a->items.at;
	CU_ASSERT_STRING_EQUAL(item[1].url, "https://e.f");
	CU_ASSERT_EQUAL(item[1].count, 5);
	arena_free(&c.mem);
}

static void
absent_is_default(void)
{
	static const struct outer o = {{"id=" UUID, "limit="}};
	struct ctx c = begin();
	void *out = NULL;
	const struct all *a;

	CU_ASSERT_EQUAL_FATAL(
	    read_all(&c, &o, "{" BODY_OK ",\"ref\":null,\"one\":null}", &out),
	    OK);
	a = out;
	CU_ASSERT_EQUAL(a->limit, 20);
	CU_ASSERT_EQUAL(a->colour, 2);
	CU_ASSERT_FALSE(a->wait);
	CU_ASSERT_EQUAL(a->price, 0);
	CU_ASSERT_PTR_NULL(a->ref);
	CU_ASSERT_PTR_NULL(a->one);
	CU_ASSERT_EQUAL(a->items.n, 0);
	arena_free(&c.mem);
}

/* One fault and nothing else. */
static void
faults(const struct outer *o, const char *body, const char *field,
    const char *code, const char *detail)
{
	struct ctx c = begin();
	void *out = NULL;

	CU_ASSERT_EQUAL(read_all(&c, o, body, &out), ERR_BAD_INPUT);
	CU_ASSERT_PTR_NULL(out);
	CU_ASSERT_PTR_NOT_NULL_FATAL(c.faults);
	CU_ASSERT_EQUAL(c.faults->count, 1);
	if (strcmp(c.faults->list[0].field, field) != 0 ||
	    strcmp(c.faults->list[0].code, code) != 0 ||
	    strcmp(c.faults->list[0].detail, detail) != 0) {
		printf("# %s: %s %s %s\n", body, c.faults->list[0].field,
		    c.faults->list[0].code, c.faults->list[0].detail);
		CU_FAIL("another fault");
	}
	arena_free(&c.mem);
}

static void
body_faults(void)
{
	static const struct {
		const char *member, *field, *code, *detail;
	} rows[] = {
	    {"\"x\":1", "x", "unknown", "is not a known field"},
	    {"\"id\":\"" UUID "\"", "id", "unknown", "is not a known field"},
	    {"\"note\":\"a\",\"note\":\"b\"", "note", "duplicate",
		"stands more than once"},
	    {"\"note\":1", "note", "type", "must be a string"},
	    {"\"note\":null", "note", "type", "must be a string"},
	    {"\"note\":\"abcd\"", "note", "range",
		"must be at most 3 characters"},
	    {"\"note\":\"a\\u0007\"", "note", "format",
		"must not have control characters"},
	    {"\"letter\":\"a\\n\\t\\u0007\"", "letter", "format",
		"must not have control characters"},
	    {"\"letter\":\"\\n\\r\\t\",\"x\":1", "x", "unknown",
		"is not a known field"},
	    {"\"price\":1.5", "price", "type",
		"must be a decimal in a string, like \"0.35\""},
	    {"\"price\":\"1e3\"", "price", "format",
		"must be a decimal with at most six decimals"},
	    {"\"price\":\"0\"", "price", "range", "must be 0.000001 to 2.00"},
	    {"\"price\":\"2.000001\"", "price", "range",
		"must be 0.000001 to 2.00"},
	    {"\"at\":\"yesterday\"", "at", "format",
		"must be an RFC 3339 time, like 2026-01-31T12:00:00Z"},
	    {"\"ref\":\"x\"", "ref", "format", "must be a UUID in lower case"},
	    {"\"colour\":\"pink\"", "colour", "range",
		"must be one of red, green, blue"},
	    {"\"colour\":1", "colour", "type", "must be a string"},
	    {"\"on\":\"true\"", "on", "type", "must be true or false"},
	    {"\"one\":[]", "one", "type", "must be an object"},
	    {"\"one\":{}", "one/url", "missing", "is required"},
	    {"\"items\":{}", "items", "type", "must be a list"},
	    {"\"items\":[{},{},{}]", "items", "range",
		"must have at most 2 items"},
	    {"\"items\":[{\"url\":\"https://a.b\"},{\"url\":\"ftp://x\"}]",
		"items/1/url", "format", "must be an https:// address"},
	    {"\"items\":[{\"url\":\"https://a.b\",\"z\":1}]", "items/0/z",
		"unknown", "is not a known field"},
	    {"\"items\":[{\"url\":\"https://a.b\",\"count\":10}]",
		"items/0/count", "range", "must be 1 to 9"},
	    {"\"items\":[7]", "items/0", "type", "must be an object"},
	};
	char body[256];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		(void)snprintf(
		    body, sizeof(body), "{" BODY_OK ",%s}", rows[i].member);
		faults(&path_only, body, rows[i].field, rows[i].code,
		    rows[i].detail);
	}
	faults(
	    &path_only, "{\"amount\":0}", "service", "missing", "is required");
	faults(&path_only, "{\"service\":\"\",\"amount\":0}", "service",
	    "range", "must be 1 to 5 characters");
	faults(&path_only, "{\"service\":\"T G\",\"amount\":0}", "service",
	    "format", "must be lower-case letters, digits, \"_\" or \"-\"");
	faults(&path_only, "{\"service\":\"tg\",\"amount\":1}", "amount",
	    "range", "must be -5 to 0");
	faults(&path_only, "{\"service\":\"tg\",\"amount\":-1.0}", "amount",
	    "type", "must be an integer");
}

static void
outer_faults(void)
{
	static const struct {
		struct outer o;
		const char *field, *code, *detail;
	} rows[] = {
	    {{{NULL}}, "id", "missing", "is required"},
	    {{{"id=7"}}, "id", "format", "must be a UUID in lower case"},
	    {{{"id=" UUID, "limit=0"}}, "limit", "range", "must be 1 to 100"},
	    {{{"id=" UUID, "limit=1x"}}, "limit", "type", "must be an integer"},
	    {{{"id=" UUID, "limit= 1"}}, "limit", "type", "must be an integer"},
	    {{{"id=" UUID, "wait=yes"}}, "wait", "type",
		"must be true or false"},
	    {{{"id=" UUID, "state=\xff"}}, "state", "format",
		"has the wrong form"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		faults(&rows[i].o, "{" BODY_OK "}", rows[i].field, rows[i].code,
		    rows[i].detail);
}

static void
all_at_once(void)
{
	struct ctx c = begin();
	static const struct outer o = {{"limit=x"}};
	void *out = NULL;

	CU_ASSERT_EQUAL(
	    read_all(&c, &o, "{\"amount\":\"1\",\"x\":1,\"x\":2}", &out),
	    ERR_BAD_INPUT);
	/* id, limit, x twice, service, amount, x unknown */
	CU_ASSERT_EQUAL(c.faults->count, 6);
	arena_free(&c.mem);
}

static void
faults_are_capped(void)
{
	struct ctx c = begin();
	void *out = NULL;
	struct buf b;

	buf_init(&b, c.mem);
	buf_text(&b, "{" BODY_OK);
	for (int i = 0; i < 100; i++)
		buf_fmt(&b, ",\"x%d\":1", i);
	buf_text(&b, "}");
	CU_ASSERT_EQUAL(read_all(&c, &path_only, b.at, &out), ERR_BAD_INPUT);
	CU_ASSERT_EQUAL(c.faults->count, FIELD_MAX_ERRORS);
	arena_free(&c.mem);
}

static void
other_bodies(void)
{
	struct ctx c = begin();
	void *out = NULL;

	CU_ASSERT_EQUAL(read_all(&c, &path_only, "{", &out), ERR_BAD_REQUEST);
	CU_ASSERT_EQUAL(read_all(&c, &path_only, "[]", &out), ERR_BAD_INPUT);
	CU_ASSERT_STRING_EQUAL(c.faults->list[0].detail, "must be an object");
	CU_ASSERT_EQUAL(read_all(&c, &path_only, NULL, &out), ERR_BAD_INPUT);
	CU_ASSERT_EQUAL(c.faults->count, 2);
	arena_free(&c.mem);
}

static void
length_in_characters(void)
{
	struct ctx c = begin();
	void *out = NULL;

	CU_ASSERT_EQUAL(
	    read_all(&c, &path_only,
		"{" BODY_OK
		",\"note\":\"\xe2\x82\xac\xe2\x82\xac\xe2\x82\xac\"}",
		&out),
	    OK);
	arena_free(&c.mem);
}

static void
prints(void)
{
	struct item items[] = {{"https://a.b", 1}, {NULL, 2}};
	struct all a = {.service = "t\"g", .at = 1000001, .price = 350000};
	struct ctx c = begin();
	struct buf b;

	buf_init(&b, c.mem);
	schema_print(&b, &all_schema, &a);
	CU_ASSERT_STRING_EQUAL(b.at,
	    "{\"limit\":0,\"wait\":false,\"state\":\"red\",\"service\":\"t\\\"g\","
	    "\"amount\":0,\"price\":\"0.350000\","
	    "\"at\":\"1970-01-01T00:00:01.000001Z\",\"ref\":null,"
	    "\"colour\":\"red\",\"on\":false,\"one\":null,\"items\":[]}");
	buf_clear(&b);
	a.one = &items[0];
	a.items = (struct list){items, 2};
	schema_print(&b, &all_schema, &a);
	CU_ASSERT_PTR_NOT_NULL(strstr(b.at,
	    "\"one\":{\"url\":\"https://a.b\",\"count\":1},"
	    "\"items\":[{\"url\":\"https://a.b\",\"count\":1},{\"count\":2}]"));
	arena_free(&c.mem);
}

struct own {
	int64_t paid;
	const char *text;
	int64_t at;
};
static const struct field own_fields[] = {
    FIELD(own, paid, MONEY, REQUIRED, .lo = 1, .hi = 2),
    FIELD(own, text, TEXT, OPTIONAL, .hi = 2),
    FIELD(own, at, TIME, OPTIONAL),
};
static SCHEMA(own);

static void
own_json(void)
{
	struct ctx c = begin();
	struct list l = {0};
	const void *one = NULL;
	const struct own *o;

	CU_ASSERT_EQUAL_FATAL(
	    schema_read_own_list(&c, &own_schema,
		"[{\"paid\":5000000,\"text\":\"a\\nlonger\",\"more\":1,"
		"\"at\":\"2026-01-31T12:00:00.5+00:00\"},"
		"{\"paid\":1,\"text\":null}]",
		&l),
	    OK);
	CU_ASSERT_EQUAL_FATAL(l.n, 2);
	o = l.at;
	CU_ASSERT_EQUAL(o[0].paid, 5000000);
	CU_ASSERT_STRING_EQUAL(o[0].text, "a\nlonger");
	CU_ASSERT_EQUAL(o[0].at, INT64_C(1769860800500000));
	CU_ASSERT_PTR_NULL(o[1].text);
	CU_ASSERT_EQUAL(
	    schema_read_own(&c, &own_schema, "{\"paid\":null}", &one),
	    ERR_INTERNAL);
	CU_ASSERT_EQUAL(
	    schema_read_own(&c, &own_schema, "{}", &one), ERR_INTERNAL);
	CU_ASSERT_EQUAL(
	    schema_read_own(&c, &own_schema, "[]", &one), ERR_INTERNAL);
	CU_ASSERT_PTR_NULL(one);
	arena_free(&c.mem);
}

static void
refusals_add_up(void)
{
	struct ctx c = begin();

	CU_ASSERT_EQUAL(
	    schema_refuse(&c, "a", "range", "is too much"), ERR_BAD_INPUT);
	CU_ASSERT_EQUAL(
	    schema_refuse(&c, "b", "format", "is odd"), ERR_BAD_INPUT);
	CU_ASSERT_EQUAL_FATAL(c.faults->count, 2);
	CU_ASSERT_STRING_EQUAL(c.faults->list[1].detail, "is odd");
	arena_free(&c.mem);
}

SUITE("schema", {"every type is read from its place", reads_every_type},
    {"what is absent has its default", absent_is_default},
    {"each fault of a body is named, with its rule", body_faults},
    {"each fault of path and query is named", outer_faults},
    {"all faults are listed at once", all_at_once},
    {"the list of faults has an end", faults_are_capped},
    {"no JSON is a bad request, no object a bad input", other_bodies},
    {"length is counted in characters", length_in_characters},
    {"a struct is printed by its table", prints},
    {"JSON of our own database is read without bounds", own_json},
    {"refusals of the business add up", refusals_add_up})
