#include "provider/merge.h"

#include <stddef.h>

#include "base/buf.h"
#include "io/js.h"

static enum err merge(
    struct ctx *c, struct buf *b, const struct js *base, const struct js *over);

static void
add_elements(struct buf *b, const struct js *array)
{
	for (size_t i = 0; i < js_count(array); i++) {
		if (b->at[b->len - 1] != '[')
			buf_char(b, ',');
		js_print(b, js_at(array, (int64_t)i));
	}
}

static enum err
prepend(
    struct ctx *c, struct buf *b, const struct js *base, const struct js *over)
{
	const struct js *first = js_get(over, "$prepend");

	if (js_count(over) != 1 || js_type(first) != JS_ARRAY ||
	    js_type(base) != JS_ARRAY)
		return fail(c, ERR_BAD_INPUT,
		    "$prepend stands alone, is an array and needs one in the base");
	buf_char(b, '[');
	add_elements(b, first);
	add_elements(b, base);
	buf_char(b, ']');
	return OK;
}

static void
add_key(struct buf *b, const char *key)
{
	if (b->at[b->len - 1] != '{')
		buf_char(b, ',');
	js_print_string(b, key);
	buf_char(b, ':');
}

/* The base's members keep their order; new ones follow. */
static enum err
merge_objects(
    struct ctx *c, struct buf *b, const struct js *base, const struct js *over)
{
	const struct js *value = NULL;
	const char *key = NULL;

	buf_char(b, '{');
	for (size_t i = 0; js_each(base, i, &key, &value); i++) {
		const struct js *mine = js_get(over, key);

		if (js_has(over, key) && mine == NULL)
			continue;
		add_key(b, key);
		if (mine == NULL)
			js_print(b, value);
		else
			TRY(merge(c, b, value, mine));
	}
	for (size_t i = 0; js_each(over, i, &key, &value); i++) {
		if (js_has(base, key) || value == NULL)
			continue;
		add_key(b, key);
		TRY(merge(c, b, NULL, value));
	}
	buf_char(b, '}');
	return OK;
}

static enum err
merge(
    struct ctx *c, struct buf *b, const struct js *base, const struct js *over)
{
	if (js_has(over, "$prepend"))
		return prepend(c, b, base, over);
	if (js_type(base) == JS_OBJECT && js_type(over) == JS_OBJECT)
		return merge_objects(c, b, base, over);
	js_print(b, over);
	return OK;
}

enum err
merge_apply(struct ctx *c, const struct js *base, const struct js *over,
    const struct js **out)
{
	struct buf b;

	buf_init(&b, c->mem);
	TRY(merge(c, &b, base, over));
	return js_parse(c, b.at, b.len, out);
}
