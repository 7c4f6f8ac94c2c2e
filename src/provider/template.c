#include "provider/template.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

#define MAX_PARTS    16
#define MAX_TEMPLATE 512

static enum err
cut_part(struct reader *r, const char **p, struct template_part *out)
{
	size_t n = strcspn(*p, "{}");

	if (n > 0) {
		out->literal = arena_strndup(r->c->mem, *p, n);
		*p += n;
		return OK;
	}
	n = strcspn(*p, "}");
	if (**p != '{' || (*p)[n] == '\0')
		return reader_refuse(r, "has a brace without its other");
	if (!var_find(*p + 1, n - 1, &out->var))
		return reader_refuse(
		    r, "there is no variable %.*s", (int)(n + 1), *p);
	*p += n + 1;
	return OK;
}

enum err
read_template(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct template *out = at;
	struct template_part *parts;
	const char *text = NULL;
	size_t n = 0;

	(void)arg;
	if (!js_text(v, &text) || strlen(text) > MAX_TEMPLATE)
		return reader_refuse(
		    r, "must be text of at most %d bytes", MAX_TEMPLATE);
	parts = arena_many(r->c->mem, struct template_part, MAX_PARTS);
	while (*text != '\0') {
		if (n == MAX_PARTS)
			return reader_refuse(r, "has too many variables");
		TRY(cut_part(r, &text, &parts[n++]));
	}
	*out = (struct template){parts, n};
	return OK;
}

bool
template_has_values(const struct template *t, const struct values *values,
    enum var *missing_out)
{
	for (size_t i = 0; i < t->n; i++)
		if (t->parts[i].literal == NULL &&
		    text_is_empty(values->at[t->parts[i].var])) {
			*missing_out = t->parts[i].var;
			return false;
		}
	return true;
}

const char *
template_text(
    struct arena *mem, const struct template *t, const struct values *values)
{
	struct buf b;

	buf_init(&b, mem);
	for (size_t i = 0; i < t->n; i++) {
		const char *s = t->parts[i].literal;

		if (s == NULL)
			s = values->at[t->parts[i].var];
		if (s != NULL)
			buf_text(&b, s);
	}
	return b.at;
}

void
template_path(
    struct buf *b, const struct template *t, const struct values *values)
{
	for (size_t i = 0; i < t->n; i++) {
		const char *s = t->parts[i].literal;

		if (s != NULL)
			buf_text(b, s);
		else if (values->at[t->parts[i].var] != NULL)
			percent_encode(b, values->at[t->parts[i].var]);
	}
}

static bool
is_unreserved(char ch)
{
	return (ch >= 'a' && ch <= 'z') || (ch >= 'A' && ch <= 'Z') ||
	    (ch >= '0' && ch <= '9') || ch == '-' || ch == '.' || ch == '_' ||
	    ch == '~';
}

void
percent_encode(struct buf *b, const char *s)
{
	for (; *s != '\0'; s++) {
		if (is_unreserved(*s))
			buf_char(b, *s);
		else
			buf_fmt(b, "%%%02X", (unsigned)(unsigned char)*s);
	}
}
