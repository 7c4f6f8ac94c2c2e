#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/money.h"
#include "io/rules.h"
#include "io/schema.h"

static const char *
type_detail(const struct field *f)
{
	static const char *const texts[] = {
	    [FIELD_TEXT] = "must be a string",
	    [FIELD_INT] = "must be an integer",
	    [FIELD_BOOL] = "must be true or false",
	    [FIELD_ENUM] = "must be a string",
	    [FIELD_MONEY] = "must be a decimal in a string, like \"0.35\"",
	    [FIELD_TIME] = "must be a time in a string",
	    [FIELD_ID] = "must be an id in a string",
	    [FIELD_OBJECT] = "must be an object",
	    [FIELD_LIST] = "must be a list",
	};

	return texts[f->type];
}

static const char *
format_detail(const struct field *f)
{
	const char *rule = f->rule != NULL ? f->rule : rule_text(f->check);

	switch (f->type) {
	case FIELD_MONEY:
		return "must be a decimal with at most six decimals";
	case FIELD_TIME:
		return "must be an RFC 3339 time, like 2026-01-31T12:00:00Z";
	case FIELD_ID:
		return "must be a UUID in lower case";
	case FIELD_TEXT:
		if (rule != NULL)
			return rule;
		return f->check != NULL ? "has the wrong form" :
					  "must not have control characters";
	case FIELD_ENUM:
	case FIELD_INT:
	case FIELD_BOOL:
	case FIELD_OBJECT:
	case FIELD_LIST:
		break;
	}
	return "has the wrong form";
}

static const char *
words_detail(struct ctx *c, const struct field *f)
{
	struct buf b;

	buf_init(&b, c->mem);
	buf_text(&b, "must be one of ");
	for (size_t i = 0; f->names[i] != NULL; i++) {
		if (i > 0)
			buf_text(&b, ", ");
		buf_text(&b, f->names[i]);
	}
	return b.at;
}

static void
put_bound(struct buf *b, const struct field *f, int64_t n)
{
	char money[MONEY_TEXT_SIZE];

	if (f->type == FIELD_MONEY) {
		money_print_short(n, 2, money);
		buf_text(b, money);
	} else {
		buf_fmt(b, "%" PRId64, n);
	}
}

static const char *
range_detail(struct ctx *c, const struct field *f)
{
	struct buf b;

	if (f->type == FIELD_ENUM)
		return words_detail(c, f);
	if (f->type == FIELD_TIME)
		return "is too early or too late";
	buf_init(&b, c->mem);
	buf_text(&b, f->type == FIELD_LIST ? "must have " : "must be ");
	if (f->hi == 0 && f->lo > 0) {
		buf_text(&b, "at least ");
		put_bound(&b, f, f->lo);
	} else if (f->lo == f->hi) {
		put_bound(&b, f, f->lo);
	} else if (f->lo == 0 && f->type != FIELD_INT &&
	    f->type != FIELD_MONEY) {
		buf_text(&b, "at most ");
		put_bound(&b, f, f->hi);
	} else {
		put_bound(&b, f, f->lo);
		buf_text(&b, " to ");
		put_bound(&b, f, f->hi);
	}
	if (f->type == FIELD_TEXT)
		buf_text(&b, " characters");
	if (f->type == FIELD_LIST)
		buf_text(&b, " items");
	return b.at;
}

const char *
schema_field_detail(struct ctx *c, const struct field *f, const char *code)
{
	if (strcmp(code, "missing") == 0)
		return "is required";
	if (strcmp(code, "unknown") == 0)
		return "is not a known field";
	if (strcmp(code, "duplicate") == 0)
		return "stands more than once";
	if (strcmp(code, "type") == 0)
		return type_detail(f);
	if (strcmp(code, "range") == 0)
		return range_detail(c, f);
	return format_detail(f);
}

enum err
schema_refuse(
    struct ctx *c, const char *field, const char *code, const char *detail)
{
	struct field_errors *e = arena_one(c->mem, struct field_errors);

	if (c->faults != NULL)
		*e = *c->faults;
	if (e->count < FIELD_MAX_ERRORS)
		e->list[e->count++] = (struct field_error){field, code, detail};
	c->faults = e;
	return fail(c, ERR_BAD_INPUT, "%s: %s", field, code);
}
