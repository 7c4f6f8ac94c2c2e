/*
 * json_fuzz - any bytes as a JSON text and as a request body: json-c takes
 * what our scan takes, printing and reading again changes nothing, and a
 * struct that a schema gave out keeps the schema's bounds.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/law.h"
#include "base/text.h"
#include "io/js.h"
#include "io/rules.h"
#include "io/schema.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

struct item {
	const char *url;
	int64_t count;
};
static const struct field item_fields[] = {
    FIELD(item, url, TEXT, REQUIRED, .lo = 1, .hi = 40, .check = is_url_https),
    FIELD(item, count, INT, OPTIONAL, .lo = 1, .hi = 9, .def = 5),
};
static SCHEMA(item);

static const char *const words[] = {"a", "b", NULL};

struct body {
	const char *s;
	int64_t i, m, t;
	const char *id;
	int e;
	bool b;
	const void *o;
	struct list l;
};
static const struct field body_fields[] = {
    FIELD(body, s, TEXT, OPTIONAL, .hi = 5, .nullable = true),
    FIELD(body, i, INT, OPTIONAL, .lo = -5, .hi = 5),
    FIELD(body, m, MONEY, OPTIONAL, .lo = 1, .hi = 5000000),
    FIELD(body, t, TIME, OPTIONAL),
    FIELD(body, id, ID, OPTIONAL),
    FIELD(body, e, ENUM, OPTIONAL, .names = words),
    FIELD(body, b, BOOL, OPTIONAL),
    FIELD(body, o, OBJECT, OPTIONAL, .sub = &item_schema),
    FIELD(body, l, LIST, OPTIONAL, .sub = &item_schema, .hi = 2),
};
static SCHEMA(body);

static void
print_twice(struct ctx *c, const struct js *v)
{
	const struct js *again = NULL;
	struct buf one;
	struct buf two;

	buf_init(&one, c->mem);
	buf_init(&two, c->mem);
	js_print(&one, v);
	law(js_parse(c, one.at, one.len, &again) == OK);
	js_print(&two, again);
	law(strcmp(one.at, two.at) == 0);
}

static void
check_item(const struct item *i)
{
	law(i->url != NULL && strlen(i->url) <= 40 && is_url_https(i->url));
	law(i->count >= 1 && i->count <= 9);
}

static void
check_body(const struct body *b)
{
	const struct item *items = b->l.at;

	law(b->s == NULL || strlen(b->s) <= 20);
	law(b->i >= -5 && b->i <= 5);
	law(b->m >= 0 && b->m <= 5000000);
	law(b->e == 0 || b->e == 1);
	law(b->id == NULL || strlen(b->id) == 36);
	law(b->l.n <= 2);
	if (b->o != NULL)
		check_item(b->o);
	for (size_t i = 0; i < b->l.n; i++)
		check_item(&items[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct ctx c = {.mem = arena_new("fuzz", (size_t)64 << 20)};
	struct schema_source from = {
	    .body = (const char *)bytes, .body_size = n};
	const struct js *v = NULL;
	void *body = NULL;

	if (js_parse(&c, (const char *)bytes, n, &v) == OK)
		print_twice(&c, v);
	else
		law(!text_starts(c.err_why, "json-c"));
	if (schema_read(&c, &body_schema, &from, &body) == OK)
		check_body(body);
	else
		law(c.err == ERR_BAD_REQUEST || c.faults->count > 0);
	arena_free(&c.mem);
	return 0;
}
