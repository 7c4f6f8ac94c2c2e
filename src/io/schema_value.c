#include "io/schema_value.h"

#include <limits.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/law.h"
#include "base/money.h"
#include "base/text.h"
#include "io/js.h"

static const char type_fault[] = "type";
static const char range_fault[] = "range";
static const char format_fault[] = "format";

bool
schema_in_bounds(const struct field *f, int64_t n)
{
	if (f->lo == 0 && f->hi == 0)
		return true;
	if (n < f->lo)
		return false;
	return (f->hi == 0 && f->lo > 0) || n <= f->hi;
}

static int64_t
count_characters(const char *s)
{
	int64_t n = 0;

	for (; *s != '\0'; s++)
		n += ((unsigned char)*s & 0xc0) != 0x80;
	return n;
}

static bool
has_control(const char *s, bool lines)
{
	for (; *s != '\0'; s++)
		if (((unsigned char)*s < ' ' || *s == 0x7f) &&
		    !(lines && strchr("\t\n\r", *s) != NULL))
			return true;
	return false;
}

static const char *
text_fault(const struct field *f, const char *s)
{
	if (!schema_in_bounds(f, count_characters(s)))
		return range_fault;
	if (has_control(s, f->lines) || (f->check != NULL && !f->check(s)))
		return format_fault;
	return NULL;
}

/* The index of a word; -1 when it is none of them. */
static int
find_word(const char *const *names, const char *word)
{
	for (int i = 0; names[i] != NULL; i++)
		if (strcmp(names[i], word) == 0)
			return i;
	return -1;
}

static const char *
set_word(const struct field *f, const char *s, int *out)
{
	int i = find_word(f->names, s);

	if (i < 0)
		return range_fault;
	*out = i;
	return NULL;
}

/* Types whose outside form is a string, in JSON and in a query alike. */
static const char *
set_string(struct ctx *c, const struct field *f, const char *s, void *member)
{
	const char *fault;
	int64_t n = 0;

	switch (f->type) {
	case FIELD_TEXT:
		fault = text_fault(f, s);
		if (fault == NULL)
			*(const char **)member = arena_dup(c->mem, s);
		return fault;
	case FIELD_ID:
		if (!id_is_valid(s))
			return format_fault;
		*(const char **)member = arena_dup(c->mem, s);
		return NULL;
	case FIELD_ENUM:
		return set_word(f, s, member);
	case FIELD_MONEY:
		if (!money_parse(s, &n))
			return format_fault;
		break;
	case FIELD_TIME:
		if (!clock_parse(s, &n))
			return format_fault;
		break;
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_OBJECT:
	case FIELD_LIST:
		return type_fault;
	}
	if (!schema_in_bounds(f, n))
		return range_fault;
	*(int64_t *)member = n;
	return NULL;
}

static const char *
set_int(const struct field *f, int64_t n, int64_t *out)
{
	if (!schema_in_bounds(f, n))
		return range_fault;
	*out = n;
	return NULL;
}

const char *
schema_value_js(
    struct ctx *c, const struct field *f, const struct js *v, void *member)
{
	const char *s = NULL;
	int64_t n = 0;

	if (f->type == FIELD_INT)
		return js_i64(v, &n) ? set_int(f, n, member) : type_fault;
	if (f->type == FIELD_BOOL)
		return js_bool(v, member) ? NULL : type_fault;
	return js_text(v, &s) ? set_string(c, f, s, member) : type_fault;
}

static const char *
set_bool(const char *s, bool *out)
{
	bool yes = strcmp(s, "true") == 0 || strcmp(s, "1") == 0;

	if (!yes && strcmp(s, "false") != 0 && strcmp(s, "0") != 0)
		return type_fault;
	*out = yes;
	return NULL;
}

const char *
schema_value_text(
    struct ctx *c, const struct field *f, const char *text, void *member)
{
	int64_t n = 0;

	if (!text_is_utf8(text, strlen(text)))
		return format_fault;
	if (f->type == FIELD_BOOL)
		return set_bool(text, member);
	if (f->type != FIELD_INT)
		return set_string(c, f, text, member);
	if (!text_to_i64(text, INT64_MIN, INT64_MAX, &n))
		return type_fault;
	return set_int(f, n, member);
}

const char *
schema_value_own(
    struct ctx *c, const struct field *f, const struct js *v, void *member)
{
	struct field plain = *f;

	plain.lo = plain.hi = 0;
	plain.check = NULL;
	if (f->type == FIELD_MONEY)
		return js_i64(v, member) ? NULL : type_fault;
	if (f->type == FIELD_TEXT) /* control characters may be stored */
		return js_text(v, member) ? NULL : type_fault;
	return schema_value_js(c, &plain, v, member);
}

const char *
schema_value_column(const struct field *f, const char *text, void *member)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_ID:
		*(const char **)member = text;
		return NULL;
	case FIELD_INT:
	case FIELD_MONEY:
		return text_to_i64(text, INT64_MIN, INT64_MAX, member) ?
		    NULL :
		    type_fault;
	case FIELD_TIME:
		return clock_parse(text, member) ? NULL : type_fault;
	case FIELD_BOOL:
		*(bool *)member = text[0] == 't';
		return text[0] == 't' || text[0] == 'f' ? NULL : type_fault;
	case FIELD_ENUM:
		return set_word(f, text, member);
	case FIELD_OBJECT:
	case FIELD_LIST:
		break;
	}
	return type_fault;
}

void
schema_value_default(const struct field *f, void *member)
{
	if (f->def == 0)
		return;
	law(f->type == FIELD_INT || f->type == FIELD_MONEY ||
	    f->type == FIELD_ENUM);
	if (f->type == FIELD_ENUM) {
		law(f->def > 0 && f->def <= INT_MAX);
		*(int *)member = (int)f->def;
	} else {
		*(int64_t *)member = f->def;
	}
}
