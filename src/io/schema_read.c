#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "io/js.h"
#include "io/schema.h"
#include "io/schema_value.h"

/* One reading of one source, or of JSON of our own. */
struct reading {
	struct ctx *c;
	struct field_errors *faults;
	bool own;
};

static void read_members(struct reading *r, const struct schema *s,
    const struct js *object, const char *prefix, void *base);

static void
complain(
    struct reading *r, const char *at, const struct field *f, const char *code)
{
	struct field_errors *e = r->faults;

	if (e->count == FIELD_MAX_ERRORS)
		return;
	e->list[e->count++] =
	    (struct field_error){at, code, schema_field_detail(r->c, f, code)};
}

static void *
member_of(void *base, const struct field *f)
{
	return (unsigned char *)base + f->offset;
}

static const struct field *
find_field(const struct schema *s, const char *name)
{
	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].from == FROM_BODY &&
		    strcmp(s->fields[i].name, name) == 0)
			return &s->fields[i];
	return NULL;
}

static const char *
read_object(struct reading *r, const struct field *f, const struct js *v,
    const char *at, void *member)
{
	void *base;

	if (js_type(v) != JS_OBJECT)
		return "type";
	base = arena_alloc(r->c->mem, 1, f->sub->size);
	read_members(r, f->sub, v, arena_fmt(r->c->mem, "%s/", at), base);
	*(const void **)member = base;
	return NULL;
}

static const char *
read_list(struct reading *r, const struct field *f, const struct js *v,
    const char *at, struct list *out)
{
	size_t n = js_count(v);
	unsigned char *items;

	if (js_type(v) != JS_ARRAY)
		return "type";
	if (!r->own && !schema_in_bounds(f, (int64_t)n))
		return "range";
	items = arena_alloc(r->c->mem, n, f->sub->size);
	for (size_t i = 0; i < n; i++) {
		const struct js *item = js_at(v, (int64_t)i);

		if (js_type(item) == JS_OBJECT)
			read_members(r, f->sub, item,
			    arena_fmt(r->c->mem, "%s/%zu/", at, i),
			    items + i * f->sub->size);
		else
			complain(r, arena_fmt(r->c->mem, "%s/%zu", at, i),
			    &(struct field){.type = FIELD_OBJECT}, "type");
	}
	*out = (struct list){items, n};
	return NULL;
}

static const char *
read_value(struct reading *r, const struct field *f, const struct js *v,
    const char *at, void *member)
{
	if (f->type == FIELD_OBJECT)
		return read_object(r, f, v, at, member);
	if (f->type == FIELD_LIST)
		return read_list(r, f, v, at, member);
	if (r->own)
		return schema_value_own(r->c, f, v, member);
	return schema_value_js(r->c, f, v, member);
}

static void
read_member(struct reading *r, const struct field *f, const struct js *object,
    const char *prefix, void *base)
{
	const struct js *v = js_get(object, f->name);
	const char *at = arena_fmt(r->c->mem, "%s%s", prefix, f->name);
	const char *fault = NULL;

	if (!js_has(object, f->name)) {
		schema_value_default(f, member_of(base, f));
		fault = f->required ? "missing" : NULL;
	} else if (js_type(v) != JS_NULL) {
		fault = read_value(r, f, v, at, member_of(base, f));
	} else if (!f->nullable) {
		fault = !r->own ? "type" : f->required ? "missing" : NULL;
	}
	if (fault != NULL)
		complain(r, at, f, fault);
}

static void
read_members(struct reading *r, const struct schema *s, const struct js *object,
    const char *prefix, void *base)
{
	const struct js *v = NULL;
	const char *key = NULL;

	for (size_t i = 0; i < s->count; i++)
		if (s->fields[i].from == FROM_BODY)
			read_member(r, &s->fields[i], object, prefix, base);
	for (size_t i = 0; !r->own && js_each(object, i, &key, &v); i++)
		if (find_field(s, key) == NULL)
			complain(r, arena_fmt(r->c->mem, "%s%s", prefix, key),
			    NULL, "unknown");
}

/* Fields of the path and the query. */
static void
read_outer(struct reading *r, const struct schema *s,
    const struct schema_source *from, void *base)
{
	for (size_t i = 0; i < s->count; i++) {
		const struct field *f = &s->fields[i];
		const char *fault = NULL;
		const char *text;

		if (f->from == FROM_BODY)
			continue;
		law(from->value != NULL);
		text = from->value(from->arg, f->from, f->name);
		if (text != NULL && *text == '\0' && f->from == FROM_QUERY)
			text = NULL;
		if (text == NULL)
			schema_value_default(f, member_of(base, f));
		if (text == NULL && f->required)
			fault = "missing";
		else if (text != NULL)
			fault = schema_value_text(
			    r->c, f, text, member_of(base, f));
		if (fault != NULL)
			complain(r, f->name, f, fault);
	}
}

static enum err
read_body(struct reading *r, const struct schema *s,
    const struct schema_source *from, void *base)
{
	struct js_duplicates twice = {0};
	const struct js *tree = NULL;
	const char *text = "{}";
	size_t size = 2;

	if (from->body != NULL && from->body_size > 0) {
		text = from->body;
		size = from->body_size;
	}
	TRY(js_parse_listing(r->c, text, size, &tree, &twice));
	for (size_t i = 0; i < twice.count; i++)
		complain(r, twice.at[i], NULL, "duplicate");
	if (js_type(tree) == JS_OBJECT)
		read_members(r, s, tree, "", base);
	else
		complain(r, "", &(struct field){.type = FIELD_OBJECT}, "type");
	return OK;
}

enum err
schema_read(struct ctx *c, const struct schema *s,
    const struct schema_source *from, void **out)
{
	struct reading r = {c, arena_one(c->mem, struct field_errors), false};
	void *base = arena_alloc(c->mem, 1, s->size);

	read_outer(&r, s, from, base);
	TRY(read_body(&r, s, from, base));
	if (r.faults->count > 0) {
		c->faults = r.faults;
		return fail(c, ERR_BAD_INPUT, "%s: %zu faults, first %s %s",
		    s->name, r.faults->count, r.faults->list[0].field,
		    r.faults->list[0].code);
	}
	*out = base;
	return OK;
}

/* JSON of our own goes through a field that holds it. */
static enum err
read_own(struct ctx *c, const struct field *f, const char *json, void *member)
{
	struct reading r = {c, arena_one(c->mem, struct field_errors), true};
	const struct js *tree = NULL;
	const char *fault = "text";

	if (js_parse(c, json, strlen(json), &tree) == OK)
		fault = read_value(&r, f, tree, f->sub->name, member);
	if (fault != NULL)
		return fail(c, ERR_INTERNAL, "own JSON of %s: bad %s",
		    f->sub->name, fault);
	if (r.faults->count > 0)
		return fail(c, ERR_INTERNAL, "own JSON: %s %s",
		    r.faults->list[0].field, r.faults->list[0].code);
	return OK;
}

enum err
schema_read_own(
    struct ctx *c, const struct schema *s, const char *json, const void **out)
{
	struct field f = {.type = FIELD_OBJECT, .sub = s};
	const void *object = NULL;

	TRY(read_own(c, &f, json, &object));
	*out = object;
	return OK;
}

enum err
schema_read_own_list(
    struct ctx *c, const struct schema *s, const char *json, struct list *out)
{
	struct field f = {.type = FIELD_LIST, .sub = s};
	struct list items = {0};

	TRY(read_own(c, &f, json, &items));
	*out = items;
	return OK;
}
