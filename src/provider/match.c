#include "provider/match.h"

#include <string.h>
#include <strings.h>

#include "base/law.h"
#include "base/text.h"
#include "io/js.h"
#include "provider/view.h"

/* In the order of the words in match_read.c. */
static bool
is_type(const struct js *v, int type)
{
	static const enum js_type types[] = {
	    JS_NULL, JS_BOOL, JS_INT, JS_STRING, JS_ARRAY, JS_OBJECT};

	law(type >= 0 && type < (int)(sizeof(types) / sizeof(types[0])));
	if (types[type] == JS_INT) /* "number" */
		return js_type(v) == JS_INT || js_type(v) == JS_DOUBLE;
	return js_type(v) == types[type];
}

static bool
is_empty(const struct js *v)
{
	const char *text = NULL;

	if (js_text(v, &text))
		return *text == '\0';
	if (js_type(v) == JS_ARRAY || js_type(v) == JS_OBJECT)
		return js_count(v) == 0;
	return js_type(v) == JS_NULL;
}

static bool
compare(const char *text, const struct list *values,
    int (*same)(const char *, const char *))
{
	const char *const *at = values->at;

	for (size_t i = 0; i < values->n; i++)
		if (same(at[i], text) == 0)
			return true;
	return false;
}

static bool
has_prefix(const char *text, const struct list *values)
{
	const char *const *at = values->at;

	for (size_t i = 0; i < values->n; i++)
		if (text_starts_ci(text, at[i]))
			return true;
	return false;
}

/* `text` NULL is absent: only NOT_IN, EXISTS false and EMPTY hold for it. */
static bool
test_text(const struct cond *cond, const char *text,
    int (*same)(const char *, const char *))
{
	switch (cond->test) {
	case TEST_IN:
		return text != NULL && compare(text, &cond->values, same);
	case TEST_NOT_IN:
		return text == NULL || !compare(text, &cond->values, same);
	case TEST_PREFIX:
		return text != NULL && has_prefix(text, &cond->values);
	case TEST_REGEX:
		return text != NULL && pattern_matches(cond->pattern, text);
	case TEST_EXISTS:
		return (text != NULL) == cond->wanted;
	case TEST_EMPTY:
		return text_is_empty(text) == cond->wanted;
	case TEST_TYPE:
	case TEST_NONE:
		break;
	}
	return false;
}

static bool
test_json(const struct view *w, const struct cond *cond)
{
	const struct js *v = path_first(&cond->path, w->values, w->root);

	if (w->root == NULL)
		return false;
	if (cond->test == TEST_TYPE)
		return is_type(v, cond->type);
	if (cond->test == TEST_EXISTS)
		return (v != NULL) == cond->wanted;
	if (cond->test == TEST_EMPTY)
		return is_empty(v) == cond->wanted;
	return test_text(cond, js_scalar(w->c, v), strcmp);
}

static bool
test_status(const struct cond *cond, int status)
{
	const struct range *ranges = cond->ranges.at;

	for (size_t i = 0; i < cond->ranges.n; i++)
		if (status >= ranges[i].lo && status <= ranges[i].hi)
			return true;
	return false;
}

static size_t
count_holding(const struct view *w, const struct list *parts)
{
	const struct cond *at = parts->at;
	size_t n = 0;

	for (size_t i = 0; i < parts->n; i++)
		n += match_holds(w, &at[i]);
	return n;
}

/* A text that could not be read is no text: no test holds for it. */
static bool
test_body(const struct view *w, const struct cond *cond)
{
	return w->text != NULL && test_text(cond, w->text, strcasecmp);
}

bool
match_holds(const struct view *w, const struct cond *cond)
{
	switch (cond->on) {
	case ON_STATUS:
		return test_status(cond, w->answer->status);
	case ON_TEXT:
		return test_body(w, cond);
	case ON_WORD:
		return test_text(cond, w->word, strcasecmp);
	case ON_JSON:
		return test_json(w, cond);
	case ON_HEADER:
		return test_text(
		    cond, view_header(w, cond->header), strcasecmp);
	case ON_VAR:
		return test_text(cond, w->values->at[cond->var], strcmp);
	case ON_ALL:
		return count_holding(w, &cond->parts) == cond->parts.n;
	case ON_ANY:
		return count_holding(w, &cond->parts) > 0;
	case ON_NOT:
		return count_holding(w, &cond->parts) == 0;
	case ON_NOTHING:
		break;
	}
	return false;
}

bool
match_names_status(const struct cond *cond)
{
	const struct cond *parts = cond->parts.at;

	if (cond->on == ON_STATUS)
		return true;
	for (size_t i = 0; i < cond->parts.n; i++)
		if (match_names_status(&parts[i]))
			return true;
	return false;
}
