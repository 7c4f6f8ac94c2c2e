#include "io/js.h"

#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include <json-c/json.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/law.h"
#include "io/js_scan.h"

/* From this size on an object carries an index of its members. */
#define INDEX_FROM 8

/* A struct js is a json_object; json-c's readers do not take const. */
static struct json_object *
in(const struct js *v)
{
	union {
		const struct js *from;
		struct json_object *to;
	} same = {.from = v};

	return same.to;
}

static const struct js *
out_of(const struct json_object *v)
{
	return (const struct js *)(const void *)v;
}

static void
release(void *tree)
{
	(void)json_object_put(tree); /* 1: it was the last reference */
}

static void
index_tree(struct arena *mem, struct json_object *v)
{
	struct lh_entry **entries = NULL;
	size_t n = 0;

	if (json_object_is_type(v, json_type_array))
		for (size_t i = 0; i < json_object_array_length(v); i++)
			index_tree(mem, json_object_array_get_idx(v, i));
	if (!json_object_is_type(v, json_type_object))
		return;
	if (json_object_object_length(v) >= INDEX_FROM)
		entries = arena_many(mem, struct lh_entry *,
		    (size_t)json_object_object_length(v));
	for (struct lh_entry *e = lh_table_head(json_object_get_object(v));
	     e != NULL; e = lh_entry_next(e)) {
		if (entries != NULL)
			entries[n++] = e;
		index_tree(mem, lh_entry_v(e));
	}
	if (entries != NULL)
		json_object_set_userdata(v, entries, NULL);
}

static enum err
build(struct ctx *c, const char *text, size_t len, struct json_object **out)
{
	/* json-c counts the scalar inside the deepest array as a level. */
	struct json_tokener *tok = json_tokener_new_ex(JS_MAX_DEPTH + 1);
	enum json_tokener_error e;

	law(tok != NULL);
	json_tokener_set_flags(
	    tok, JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8);
	*out = json_tokener_parse_ex(tok, text, (int)len);
	if (json_tokener_get_error(tok) == json_tokener_continue)
		*out = json_tokener_parse_ex(tok, "", 1); /* ends a number */
	e = json_tokener_get_error(tok);
	json_tokener_free(tok);
	if (*out != NULL)
		arena_defer(c->mem, release, *out);
	/* The scan knows more than json-c: not seen, and fuzzed for. */
	if (e != json_tokener_success)
		return fail(c, ERR_BAD_REQUEST, "json-c: %s",
		    json_tokener_error_desc(e));
	return OK;
}

enum err
js_parse_listing(struct ctx *c, const char *text, size_t len,
    const struct js **out, struct js_duplicates *duplicates)
{
	struct js_fault fault;
	struct json_object *tree = NULL;

	if (len >= INT_MAX)
		return fail(c, ERR_TOO_LARGE, "json: %zu bytes", len);
	if (!js_scan(c->mem, text, len, duplicates, &fault))
		return fail(c, ERR_BAD_REQUEST, "json at byte %zu: %s",
		    fault.at, fault.why);
	TRY(build(c, text, len, &tree));
	index_tree(c->mem, tree);
	*out = out_of(tree);
	return OK;
}

enum err
js_parse(struct ctx *c, const char *text, size_t len, const struct js **out)
{
	struct js_duplicates duplicates = {0};
	const struct js *tree = NULL;

	TRY(js_parse_listing(c, text, len, &tree, &duplicates));
	if (duplicates.count > 0)
		return fail(c, ERR_BAD_REQUEST, "json: %s stands twice",
		    duplicates.at[0]);
	*out = tree;
	return OK;
}

enum js_type
js_type(const struct js *v)
{
	static const enum js_type types[] = {
	    [json_type_null] = JS_NULL,
	    [json_type_boolean] = JS_BOOL,
	    [json_type_double] = JS_DOUBLE,
	    [json_type_int] = JS_INT,
	    [json_type_object] = JS_OBJECT,
	    [json_type_array] = JS_ARRAY,
	    [json_type_string] = JS_STRING,
	};

	return types[json_object_get_type(in(v))];
}

const struct js *
js_get(const struct js *object, const char *key)
{
	struct json_object *v = NULL;

	if (js_type(object) != JS_OBJECT)
		return NULL;
	/* Absent leaves v NULL, which is what the caller gets. */
	(void)json_object_object_get_ex(in(object), key, &v);
	return out_of(v);
}

bool
js_has(const struct js *object, const char *key)
{
	return js_type(object) == JS_OBJECT &&
	    json_object_object_get_ex(in(object), key, NULL);
}

const struct js *
js_at(const struct js *array, int64_t i)
{
	int64_t n;

	if (js_type(array) != JS_ARRAY)
		return NULL;
	n = (int64_t)json_object_array_length(in(array));
	if (i < 0)
		i += n;
	if (i < 0 || i >= n)
		return NULL;
	return out_of(json_object_array_get_idx(in(array), (size_t)i));
}

size_t
js_count(const struct js *v)
{
	if (js_type(v) == JS_ARRAY)
		return json_object_array_length(in(v));
	if (js_type(v) == JS_OBJECT)
		return (size_t)json_object_object_length(in(v));
	return 0;
}

bool
js_each(const struct js *object, size_t n, const char **key,
    const struct js **value)
{
	struct lh_entry **entries;
	struct lh_entry *e;

	if (js_type(object) != JS_OBJECT || n >= js_count(object))
		return false;
	entries = json_object_get_userdata(in(object));
	if (entries != NULL) {
		e = entries[n];
	} else {
		e = lh_table_head(json_object_get_object(in(object)));
		for (; n > 0; n--)
			e = lh_entry_next(e);
	}
	*key = lh_entry_k(e);
	*value = out_of(lh_entry_v(e));
	return true;
}

bool
js_text(const struct js *v, const char **out)
{
	if (js_type(v) != JS_STRING)
		return false;
	*out = json_object_get_string(in(v));
	return true;
}

bool
js_i64(const struct js *v, int64_t *out)
{
	if (js_type(v) != JS_INT)
		return false;
	*out = json_object_get_int64(in(v));
	return true;
}

bool
js_bool(const struct js *v, bool *out)
{
	if (js_type(v) != JS_BOOL)
		return false;
	*out = json_object_get_boolean(in(v)) != 0;
	return true;
}

/* json-c keeps the source digits of a parsed double beside it. */
static const char *
double_digits(const struct js *v)
{
	return json_object_get_userdata(in(v));
}

const char *
js_scalar(struct ctx *c, const struct js *v)
{
	switch (js_type(v)) {
	case JS_STRING:
		return json_object_get_string(in(v));
	case JS_INT:
		return arena_fmt(
		    c->mem, "%" PRId64, json_object_get_int64(in(v)));
	case JS_DOUBLE:
		return arena_dup(c->mem, double_digits(v));
	case JS_BOOL:
		return json_object_get_boolean(in(v)) ? "true" : "false";
	case JS_NULL:
	case JS_ARRAY:
	case JS_OBJECT:
		break;
	}
	return NULL;
}

void
js_print_string(struct buf *b, const char *s)
{
	static const char *const named[0x20] = {['\b'] = "\\b",
	    ['\t'] = "\\t",
	    ['\n'] = "\\n",
	    ['\f'] = "\\f",
	    ['\r'] = "\\r"};

	buf_char(b, '"');
	for (; *s != '\0'; s++) {
		unsigned char ch = (unsigned char)*s;

		if (ch < 0x20 && named[ch] != NULL)
			buf_text(b, named[ch]);
		else if (ch < 0x20 || ch == 0x7f)
			buf_fmt(b, "\\u%04x", (unsigned)ch);
		else {
			if (ch == '"' || ch == '\\')
				buf_char(b, '\\');
			buf_char(b, *s);
		}
	}
	buf_char(b, '"');
}

static void
print_array(struct buf *b, const struct js *v)
{
	buf_char(b, '[');
	for (size_t i = 0; i < js_count(v); i++) {
		if (i > 0)
			buf_char(b, ',');
		js_print(b, js_at(v, (int64_t)i));
	}
	buf_char(b, ']');
}

static void
print_object(struct buf *b, const struct js *v)
{
	const struct js *item = NULL;
	const char *key = NULL;

	buf_char(b, '{');
	for (size_t i = 0; js_each(v, i, &key, &item); i++) {
		if (i > 0)
			buf_char(b, ',');
		js_print_string(b, key);
		buf_char(b, ':');
		js_print(b, item);
	}
	buf_char(b, '}');
}

void
js_print(struct buf *b, const struct js *v)
{
	switch (js_type(v)) {
	case JS_NULL:
		buf_text(b, "null");
		break;
	case JS_BOOL:
		buf_text(b, json_object_get_boolean(in(v)) ? "true" : "false");
		break;
	case JS_INT:
		buf_fmt(b, "%" PRId64, json_object_get_int64(in(v)));
		break;
	case JS_DOUBLE:
		buf_text(b, double_digits(v));
		break;
	case JS_STRING:
		js_print_string(b, json_object_get_string(in(v)));
		break;
	case JS_ARRAY:
		print_array(b, v);
		break;
	case JS_OBJECT:
		print_object(b, v);
		break;
	}
}
