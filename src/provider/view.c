#include "provider/view.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "io/js.h"
#include "provider/descriptor.h"

static const char bom[] = "\xef\xbb\xbf";

static const char *
body_text(struct ctx *c, const struct answer *a)
{
	const char *text;

	if (a->cut || !text_is_utf8(a->body, a->body_len))
		return NULL;
	text = arena_strndup(c->mem, a->body, a->body_len);
	if (text_starts(text, bom))
		text += sizeof(bom) - 1;
	return text_trim(c->mem, text);
}

/* Some upstreams quote their words: "BAD_KEY" with the quotes. */
static const char *
unquote(struct view *w)
{
	const char *inner = NULL;

	return js_text(w->root, &inner) ? text_trim(w->c->mem, inner) : w->text;
}

/* Some upstreams put the JSON into a page; take what <body> holds. */
static const char *
unwrap_html(struct arena *mem, const char *text)
{
	const char *from = strcasestr(text, "<body");
	const char *to;

	if (*text != '<' || from == NULL)
		return text;
	from = strchr(from, '>');
	to = from == NULL ? NULL : strcasestr(from, "</body");
	if (to == NULL)
		return text;
	return text_trim(
	    mem, arena_strndup(mem, from + 1, (size_t)(to - from - 1)));
}

static void
parse(struct view *w)
{
	w->root = NULL;
	if (w->text == NULL || *w->text == '\0' ||
	    strchr("{[\"", *w->text) == NULL)
		return;
	/* Not JSON is an answer like any other: the rules see no root. */
	if (js_parse(w->c, w->text, strlen(w->text), &w->root) != OK) {
		ctx_forgive(w->c);
		w->root = NULL;
	}
}

void
view_open(struct ctx *c, const struct descriptor *d,
    const struct values *values, const struct answer *a, struct view *out)
{
	*out = (struct view){.c = c, .d = d, .values = values, .answer = a};
	out->text = body_text(c, a);
	if (out->text != NULL && d->rules.unwrap_html)
		out->text = unwrap_html(c->mem, out->text);
	parse(out);
	if (d->rules.unquote)
		out->text = unquote(out);
	out->word = extract_text(out, &d->rules.word);
}

void
view_item(const struct view *whole, const struct js *item, struct view *out)
{
	*out = *whole;
	out->root = item;
	out->text = js_scalar(whole->c, item);
	out->word = NULL;
}

const char *
view_header(const struct view *w, const char *name)
{
	for (size_t i = 0; i < w->answer->header_count; i++)
		if (text_eq_ci(w->answer->headers[i].name, name))
			return w->answer->headers[i].value;
	return NULL;
}
