#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "provider/extract.h"
#include "provider/transform.h"

#define MAX_FIRST 8
#define MAX_MAP   512

/* Each of these fills a whole extractor: its place in the table is 0. */

static enum err
from(struct reader *r, struct extractor *ex, enum take take)
{
	if (ex->take != TAKE_UNSET)
		return reader_refuse(r, "is a second source");
	ex->take = take;
	return OK;
}

static enum err
cut_with(struct reader *r, struct extractor *ex, enum cut cut)
{
	if (ex->cut != CUT_NONE)
		return reader_refuse(r, "is a second cut");
	ex->cut = cut;
	return OK;
}

static enum err
from_json(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct extractor *ex = at;

	TRY(from(r, ex, TAKE_JSON));
	return read_path(r, v, arg, &ex->path);
}

static enum err
from_header(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct extractor *ex = at;

	TRY(from(r, ex, TAKE_HEADER));
	return read_text(r, v, arg, &ex->name);
}

static enum err
from_const(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct extractor *ex = at;

	TRY(from(r, ex, TAKE_CONST));
	return read_text(r, v, arg, &ex->name);
}

static enum err
from_var(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct extractor *ex = at;
	const char *name = NULL;

	TRY(from(r, ex, TAKE_VAR));
	TRY(read_text(r, v, arg, &name));
	if (!var_find(name, strlen(name), &ex->var))
		return reader_refuse(r, "there is no variable \"%s\"", name);
	return OK;
}

static enum err
from_flag(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const enum take *take = arg;
	bool yes = false;

	if (!js_bool(v, &yes) || !yes)
		return reader_refuse(r, "must be true");
	return from(r, at, *take);
}

static enum err
from_first(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct list_of of = {
	    sizeof(struct extractor), read_extractor, NULL, MAX_FIRST};
	struct extractor *ex = at;

	(void)arg;
	TRY(from(r, ex, TAKE_FIRST));
	return read_list(r, v, &of, &ex->first);
}

static enum err
cut_mark(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const enum cut *how = arg;
	struct extractor *ex = at;

	TRY(cut_with(r, ex, *how));
	return read_text(r, v, NULL, &ex->mark);
}

static enum err
cut_regex(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct extractor *ex = at;

	TRY(cut_with(r, ex, CUT_REGEX));
	return read_pattern(r, v, arg, &ex->pattern);
}

static enum err
one_transform(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const struct transform *t;
	const char *name = NULL;

	TRY(read_text(r, v, arg, &name));
	t = transform_find(name);
	if (t == NULL)
		return reader_refuse(r, "there is no transform \"%s\"", name);
	*(const struct transform **)at = t;
	return OK;
}

static enum err
one_value(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct pair *p = at;

	return read_text(r, v, arg, &p->value);
}

static enum err
otherwise(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = js_scalar(r->c, v);

	(void)arg;
	if (text_is_empty(text))
		return reader_refuse(r, "must be text or a number");
	*(const char **)at = text;
	return OK;
}

static enum err
check_whole(struct reader *r, struct extractor *ex)
{
	if (ex->take == TAKE_UNSET && ex->cut == CUT_NONE)
		return reader_refuse(r, "takes nothing");
	if (ex->take == TAKE_UNSET)
		ex->take = TAKE_TEXT;
	if (ex->cut == CUT_REGEX && ex->group < 0)
		ex->group = pattern_groups(ex->pattern) > 0 ? 1 : 0;
	if (ex->cut == CUT_REGEX &&
	    (size_t)ex->group > pattern_groups(ex->pattern))
		return reader_refuse(r, "the pattern has no such group");
	return OK;
}

enum err
read_extractor(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const enum take text = TAKE_TEXT, word = TAKE_WORD;
	static const enum cut parts = CUT_SPLIT, before = CUT_BEFORE,
			      after = CUT_AFTER;
	static const struct range small = {0, 16};
	static const struct list_of does = {
	    sizeof(struct transform *), one_transform, NULL, MAX_FIRST};
	static const struct list_of map = {
	    sizeof(struct pair), one_value, NULL, MAX_MAP};
#define AT(field) offsetof(struct extractor, field)
	static const struct member members[] = {
	    {"json", from_json, 0, false, NULL},
	    {"header", from_header, 0, false, NULL},
	    {"const", from_const, 0, false, NULL},
	    {"var", from_var, 0, false, NULL},
	    {"text", from_flag, 0, false, &text},
	    {"word", from_flag, 0, false, &word},
	    {"first", from_first, 0, false, NULL},
	    {"split", cut_mark, 0, false, &parts},
	    {"index", read_int, AT(index), false, &small},
	    {"before", cut_mark, 0, false, &before},
	    {"after", cut_mark, 0, false, &after},
	    {"regex", cut_regex, 0, false, NULL},
	    {"group", read_int, AT(group), false, &small},
	    {"do", read_list, AT(does), false, &does},
	    {"null_if", read_scalars, AT(null_if), false, NULL},
	    {"map", read_named, AT(map), false, &map},
	    {"default", otherwise, AT(otherwise), false, NULL},
	};
#undef AT
	struct extractor *ex = at;

	(void)arg;
	ex->group = -1;
	TRY(READ_OBJECT(r, v, members, ex));
	return check_whole(r, ex);
}
