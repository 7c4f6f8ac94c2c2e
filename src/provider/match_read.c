#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "provider/match.h"

#define MAX_PARTS 32

static const char *const types[] = {
    "null", "bool", "number", "string", "array", "object", NULL};

static enum err
test_with(struct reader *r, struct cond *cond, enum cond_test test)
{
	if (cond->test != TEST_NONE)
		return reader_refuse(r, "is a second test");
	cond->test = test;
	return OK;
}

/* Values for the test that `arg` names. */
static enum err
test_values(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const enum cond_test *test = arg;
	struct cond *cond = at;

	TRY(test_with(r, cond, *test));
	return read_scalars(r, v, NULL, &cond->values);
}

static enum err
test_flag(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const enum cond_test *test = arg;
	struct cond *cond = at;

	TRY(test_with(r, cond, *test));
	return read_bool(r, v, NULL, &cond->wanted);
}

static enum err
test_regex(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct cond *cond = at;

	TRY(test_with(r, cond, TEST_REGEX));
	return cond->on == ON_JSON ? read_pattern(r, v, arg, &cond->pattern) :
				     read_pattern_ci(r, v, arg, &cond->pattern);
}

static enum err
test_type(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct cond *cond = at;

	(void)arg;
	TRY(test_with(r, cond, TEST_TYPE));
	return read_choice(r, v, types, &cond->type);
}

static enum err
read_var(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *name = NULL;

	TRY(read_text(r, v, arg, &name));
	if (!var_find(name, strlen(name), at))
		return reader_refuse(r, "there is no variable \"%s\"", name);
	return OK;
}

static const enum cond_test t_in = TEST_IN, t_not_in = TEST_NOT_IN,
			    t_prefix = TEST_PREFIX, t_exists = TEST_EXISTS,
			    t_empty = TEST_EMPTY;

#define AT(field) offsetof(struct cond, field)
#define TESTS                                             \
	{"eq", test_values, 0, false, &t_in},             \
	    {"in", test_values, 0, false, &t_in},         \
	    {"not_in", test_values, 0, false, &t_not_in}, \
	    {"prefix", test_values, 0, false, &t_prefix}, \
	    {"regex", test_regex, 0, false, NULL},        \
	    {"exists", test_flag, 0, false, &t_exists},   \
	{                                                 \
		"empty", test_flag, 0, false, &t_empty    \
	}

static enum err
on_json(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct member members[] = {
	    {"json", read_path, AT(path), true, NULL},
	    TESTS,
	    {"type", test_type, 0, false, NULL},
	};

	return READ_OBJECT(r, v, members, cond);
}

static enum err
on_header(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct member members[] = {
	    {"header", read_text, AT(header), true, NULL}, TESTS};

	return READ_OBJECT(r, v, members, cond);
}

static enum err
on_var(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct member members[] = {
	    {"var", read_var, AT(var), true, NULL}, TESTS};

	return READ_OBJECT(r, v, members, cond);
}

static enum err
on_word(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct member members[] = {
	    {"word", test_values, 0, true, &t_in}};

	return READ_OBJECT(r, v, members, cond);
}

/* {"text":"prefix","value":...}: the test is named by the member. */
static enum err
on_text(struct reader *r, const struct js *v, struct cond *cond)
{
	static const char *const tests[] = {
	    "eq", "in", "prefix", "regex", "empty", NULL};
	static const struct member empty[] = {
	    {"text", read_note, 0, true, NULL}};
	static const struct member in[] = {{"text", read_note, 0, true, NULL},
	    {"value", test_values, 0, true, &t_in}};
	static const struct member prefix[] = {
	    {"text", read_note, 0, true, NULL},
	    {"value", test_values, 0, true, &t_prefix}};
	static const struct member regex[] = {
	    {"text", read_note, 0, true, NULL},
	    {"value", test_regex, 0, true, NULL}};
	static const struct member how = {.read = read_choice, .arg = tests};
	int test = 0;

	TRY(reader_member(r, "text", js_get(v, "text"), &how, &test));
	if (test < 2)
		return READ_OBJECT(r, v, in, cond);
	if (test == 2)
		return READ_OBJECT(r, v, prefix, cond);
	if (test == 3)
		return READ_OBJECT(r, v, regex, cond);
	cond->wanted = true;
	cond->test = TEST_EMPTY;
	return READ_OBJECT(r, v, empty, cond);
}

static enum err
one_status(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct range all = {100, 599};
	struct range *out = at;

	(void)arg;
	TRY(read_int(r, v, &all, &out->lo));
	out->hi = out->lo;
	return OK;
}

static enum err
statuses_in(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct list_of of = {
	    sizeof(struct range), one_status, NULL, MAX_PARTS};
	static const struct member members[] = {
	    {"in", read_list, 0, true, &of}};

	(void)arg;
	return READ_OBJECT(r, v, members, at);
}

/* 429, [500,599] or {"in":[400,404]} */
static enum err
statuses(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct list *out = at;
	struct range *one;

	if (js_type(v) == JS_OBJECT)
		return statuses_in(r, v, arg, at);
	one = arena_many(r->c->mem, struct range, 2);
	*out = (struct list){one, 1};
	if (js_type(v) != JS_ARRAY)
		return one_status(r, v, NULL, one);
	if (js_count(v) != 2)
		return reader_refuse(r, "a range has a first and a last");
	TRY(one_status(r, js_at(v, 0), NULL, &one[0]));
	TRY(one_status(r, js_at(v, 1), NULL, &one[1]));
	one[0].hi = one[1].hi;
	return one[0].lo <= one[0].hi ? OK :
					reader_refuse(r, "the range is empty");
}

static enum err
on_status(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct member members[] = {
	    {"status", statuses, AT(ranges), true, NULL}};

	cond->test = TEST_IN;
	return READ_OBJECT(r, v, members, cond);
}

static enum err
on_parts(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct list_of of = {
	    sizeof(struct cond), read_cond, NULL, MAX_PARTS};
	static const struct member members[] = {
	    {"all", read_list, AT(parts), false, &of},
	    {"any", read_list, AT(parts), false, &of}};

	cond->test = TEST_IN;
	TRY(READ_OBJECT(r, v, members, cond));
	if (js_count(v) != 1)
		return reader_refuse(r, "has both all and any");
	return cond->parts.n > 0 ? OK : reader_refuse(r, "has no condition");
}

static enum err
one_part(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct list *out = at;
	struct cond *part = arena_one(r->c->mem, struct cond);

	*out = (struct list){part, 1};
	return read_cond(r, v, arg, part);
}

static enum err
on_not(struct reader *r, const struct js *v, struct cond *cond)
{
	static const struct member members[] = {
	    {"not", one_part, AT(parts), true, NULL}};

	cond->test = TEST_IN;
	return READ_OBJECT(r, v, members, cond);
}

static const struct {
	const char *name;
	enum cond_on on;
	enum err (*read)(
	    struct reader *r, const struct js *v, struct cond *cond);
} kinds[] = {
    {"status", ON_STATUS, on_status},
    {"text", ON_TEXT, on_text},
    {"word", ON_WORD, on_word},
    {"json", ON_JSON, on_json},
    {"header", ON_HEADER, on_header},
    {"var", ON_VAR, on_var},
    {"all", ON_ALL, on_parts},
    {"any", ON_ANY, on_parts},
    {"not", ON_NOT, on_not},
};

enum err
read_cond(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct cond *cond = at;

	(void)arg;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (!js_has(v, kinds[i].name))
			continue;
		cond->on = kinds[i].on;
		TRY(kinds[i].read(r, v, cond));
		return cond->test != TEST_NONE ?
		    OK :
		    reader_refuse(r, "has no test");
	}
	return reader_refuse(r, "is not a condition");
}
