#include "provider/extract.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/js.h"
#include "provider/transform.h"
#include "provider/view.h"

static const char *
take_first(const struct view *w, const struct list *of)
{
	const struct extractor *ex = of->at;
	const char *text = NULL;

	for (size_t i = 0; i < of->n && text == NULL; i++)
		text = extract_text(w, &ex[i]);
	return text;
}

static const char *
take(const struct view *w, const struct extractor *ex)
{
	switch (ex->take) {
	case TAKE_TEXT:
		return w->text;
	case TAKE_WORD:
		return w->word;
	case TAKE_JSON:
		return js_scalar(
		    w->c, path_first(&ex->path, w->values, w->root));
	case TAKE_HEADER:
		return view_header(w, ex->name);
	case TAKE_VAR:
		return w->values->at[ex->var];
	case TAKE_CONST:
		return ex->name;
	case TAKE_FIRST:
		return take_first(w, &ex->first);
	case TAKE_UNSET:
		break;
	}
	return NULL;
}

/* Part `index` between the marks; NULL when there are fewer. */
static const char *
split(struct arena *mem, const char *text, const char *mark, int64_t index)
{
	const char *end = strstr(text, mark);

	for (; index > 0 && end != NULL; index--) {
		text = end + strlen(mark);
		end = strstr(text, mark);
	}
	if (index > 0)
		return NULL;
	return end == NULL ? text :
			     arena_strndup(mem, text, (size_t)(end - text));
}

static const char *
cut(struct arena *mem, const char *text, const struct extractor *ex)
{
	const char *at;

	switch (ex->cut) {
	case CUT_NONE:
		return text;
	case CUT_SPLIT:
		return split(mem, text, ex->mark, ex->index);
	case CUT_BEFORE: /* all of it when the mark is not there */
		return split(mem, text, ex->mark, 0);
	case CUT_AFTER:
		at = strstr(text, ex->mark);
		return at == NULL ? NULL : at + strlen(ex->mark);
	case CUT_REGEX:
		return pattern_group(mem, ex->pattern, text, (size_t)ex->group);
	}
	return NULL;
}

static const char *
transform(struct arena *mem, const char *text, const struct list *does)
{
	const struct transform *const *t = does->at;

	for (size_t i = 0; i < does->n; i++)
		text = t[i]->apply(mem, text);
	return text;
}

static bool
is_null(const char *text, const struct list *null_if)
{
	const char *const *nulls = null_if->at;

	for (size_t i = 0; i < null_if->n; i++)
		if (strcmp(nulls[i], text) == 0)
			return true;
	return *text == '\0';
}

static const char *
mapped(const char *text, const struct list *map)
{
	const struct pair *pairs = map->at;

	for (size_t i = 0; i < map->n; i++)
		if (strcmp(pairs[i].name, text) == 0)
			return pairs[i].value;
	return text;
}

const char *
extract_text(const struct view *w, const struct extractor *ex)
{
	const char *text = take(w, ex);

	if (text != NULL)
		text = cut(w->c->mem, text, ex);
	if (text != NULL)
		text = transform(w->c->mem, text, &ex->does);
	if (text == NULL || is_null(text, &ex->null_if))
		return ex->otherwise;
	return mapped(text, &ex->map);
}
