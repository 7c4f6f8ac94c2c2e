#include "provider/reader.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#define MAX_TEXT    1024
#define MAX_SCALARS 256
#define MAX_PLACE   32 /* levels: js.h allows no more */

const char *
reader_place(const struct reader *r)
{
	const struct crumb *chain[MAX_PLACE + 1];
	size_t n = 0;
	struct buf b;

	for (const struct crumb *k = r->at; k != NULL && n < MAX_PLACE;
	     k = k->up)
		chain[n++] = k;
	buf_init(&b, r->c->mem);
	while (n-- > 0) {
		if (chain[n]->key == NULL)
			buf_fmt(&b, "[%zu]", chain[n]->index);
		else
			buf_fmt(
			    &b, "%s%s", b.len > 0 ? "." : "", chain[n]->key);
	}
	return b.at;
}

enum err
reader_refuse(struct reader *r, const char *rule, ...)
{
	struct field_errors *faults = arena_one(r->c->mem, struct field_errors);
	const char *place = reader_place(r);
	char why[512];
	va_list ap;

	va_start(ap, rule);
	(void)vsnprintf(why, sizeof(why), rule, ap);
	va_end(ap);
	faults->count = 1;
	faults->list[0] = (struct field_error){.field = place,
	    .code = "format",
	    .detail = arena_dup(r->c->mem, why)};
	r->c->faults = faults;
	return fail(r->c, ERR_BAD_INPUT, "%s: %s: %s", r->file,
	    *place == '\0' ? "(top)" : place, why);
}

enum err
reader_member(struct reader *r, const char *key, const struct js *v,
    const struct member *how, void *at)
{
	struct crumb here = {.up = r->at, .key = key};
	enum err e;

	r->at = &here;
	e = how->read(r, v, how->arg, (char *)at + how->offset);
	r->at = here.up;
	return e;
}

static const struct member *
member_find(const struct member *members, size_t count, const char *key)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(members[i].name, key) == 0)
			return &members[i];
	return NULL;
}

enum err
reader_object(struct reader *r, const struct js *v,
    const struct member *members, size_t count, void *at)
{
	const struct js *value = NULL;
	const char *key = NULL;

	if (js_type(v) != JS_OBJECT)
		return reader_refuse(r, "must be an object");
	for (size_t i = 0; js_each(v, i, &key, &value); i++) {
		const struct member *m = member_find(members, count, key);

		if (m == NULL)
			return reader_refuse(r, "unknown member \"%s\"", key);
		TRY(reader_member(r, key, value, m, at));
	}
	for (size_t i = 0; i < count; i++)
		if (members[i].required && !js_has(v, members[i].name))
			return reader_refuse(
			    r, "member \"%s\" is missing", members[i].name);
	return OK;
}

enum err
read_note(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text;

	(void)arg;
	(void)at;
	return js_text(v, &text) ? OK : reader_refuse(r, "must be text");
}

enum err
read_text(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = NULL;

	(void)arg;
	if (!js_text(v, &text) || *text == '\0' || strlen(text) > MAX_TEXT)
		return reader_refuse(
		    r, "must be text of 1 to %d bytes", MAX_TEXT);
	for (const char *p = text; *p != '\0'; p++)
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			return reader_refuse(r, "has a control character");
	*(const char **)at = text;
	return OK;
}

enum err
read_bool(struct reader *r, const struct js *v, const void *arg, void *at)
{
	(void)arg;
	return js_bool(v, at) ? OK : reader_refuse(r, "must be true or false");
}

enum err
read_int(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const struct range *range = arg;
	int64_t n = 0;

	if (!js_i64(v, &n) || n < range->lo || n > range->hi)
		return reader_refuse(r,
		    "must be a whole number from %" PRId64 " to %" PRId64,
		    range->lo, range->hi);
	*(int64_t *)at = n;
	return OK;
}

enum err
read_choice(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *const *names = arg;
	const char *text = NULL;
	struct buf b;

	if (js_text(v, &text))
		for (int i = 0; names[i] != NULL; i++)
			if (text_eq(names[i], text)) {
				*(int *)at = i;
				return OK;
			}
	buf_init(&b, r->c->mem);
	for (int i = 0; names[i] != NULL; i++)
		buf_fmt(&b, " %s", names[i]);
	return reader_refuse(r, "must be one of:%s", b.at);
}

enum err
read_scalars(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct list *out = at;
	size_t n = js_type(v) == JS_ARRAY ? js_count(v) : 1;
	const char **texts;

	(void)arg;
	if (n == 0 || n > MAX_SCALARS)
		return reader_refuse(
		    r, "must have 1 to %d values", MAX_SCALARS);
	texts = arena_many(r->c->mem, const char *, n);
	for (size_t i = 0; i < n; i++) {
		const struct js *one =
		    js_type(v) == JS_ARRAY ? js_at(v, (int64_t)i) : v;

		texts[i] = js_scalar(r->c, one);
		if (texts[i] == NULL)
			return reader_refuse(
			    r, "must be text, a number or a list of them");
	}
	*out = (struct list){texts, n};
	return OK;
}

enum err
read_list(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const struct list_of *of = arg;
	struct list *out = at;
	size_t n = js_count(v);
	char *rows;

	if (js_type(v) != JS_ARRAY || n > of->max)
		return reader_refuse(
		    r, "must be a list of at most %zu", of->max);
	rows = arena_alloc(r->c->mem, n, of->size);
	for (size_t i = 0; i < n; i++) {
		struct crumb here = {.up = r->at, .index = i};
		enum err e;

		r->at = &here;
		e = of->read(
		    r, js_at(v, (int64_t)i), of->arg, rows + i * of->size);
		r->at = here.up;
		TRY(e);
	}
	*out = (struct list){rows, n};
	return OK;
}

enum err
read_named(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const struct list_of *of = arg;
	struct member how = {.read = of->read, .arg = of->arg};
	struct list *out = at;
	const struct js *value = NULL;
	const char *key = NULL;
	size_t n = js_count(v);
	char *rows;

	if (js_type(v) != JS_OBJECT || n > of->max)
		return reader_refuse(
		    r, "must be an object of at most %zu", of->max);
	rows = arena_alloc(r->c->mem, n, of->size);
	for (size_t i = 0; js_each(v, i, &key, &value); i++) {
		*(const char **)(void *)(rows + i * of->size) = key;
		TRY(reader_member(r, key, value, &how, rows + i * of->size));
	}
	*out = (struct list){rows, n};
	return OK;
}
