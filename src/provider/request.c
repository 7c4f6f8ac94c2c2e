#include "provider/request.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"
#include "provider/descriptor.h"
#include "provider/view.h"

#define MAX_HEADERS 16
#define MASK        "..."

/* What a request is put together from. */
struct build {
	struct ctx *c;
	const struct descriptor *d;
	const struct request_spec *spec;
	const struct values *values;
	const char *base;
};

/* Whether the parameter is sent, and its text. */
static enum err
param_text(
    struct build *b, const struct param *p, bool *sent, const char **text_out)
{
	struct view w = {.c = b->c, .d = b->d, .values = b->values};
	const char *const *omit = p->omit_if.at;
	const char *text = "";
	enum var missing = VAR_KEY;
	bool whole = template_has_values(&p->value, b->values, &missing);

	*sent = !p->has_when || match_holds(&w, &p->when);
	if (*sent && whole)
		text = template_text(b->c->mem, &p->value, b->values);
	for (size_t i = 0; i < p->omit_if.n && *sent; i++)
		*sent = !text_eq(omit[i], text);
	if (*sent && !whole)
		return fail(b->c, ERR_BAD_INPUT,
		    "%s: %s needs a value for {%s}", b->d->id, p->name,
		    var_name(missing));
	*text_out = text;
	return OK;
}

/* name=value&name=value */
static void
add_pair(struct buf *out, const char *name, const char *value)
{
	if (out->len > 0)
		buf_char(out, '&');
	percent_encode(out, name);
	buf_char(out, '=');
	percent_encode(out, value);
}

static enum err
add_params(struct build *b, const struct list *params, struct buf *out)
{
	const struct param *p = params->at;

	for (size_t i = 0; i < params->n; i++) {
		const char *text = NULL;
		bool sent = false;

		TRY(param_text(b, &p[i], &sent, &text));
		if (sent)
			add_pair(out, p[i].name, text);
	}
	return OK;
}

static const char *
auth_text(struct build *b)
{
	return template_text(b->c->mem, &b->d->auth.format, b->values);
}

static bool
auth_is_at(const struct build *b, enum auth_place place)
{
	return b->d->auth.place == (int)place;
}

/* No value may be "." or "..": it would climb out of the path. */
static enum err
check_path(struct build *b)
{
	const struct template *t = &b->spec->path;
	enum var missing = VAR_KEY;

	if (!template_has_values(t, b->values, &missing))
		return fail(b->c, ERR_BAD_INPUT,
		    "%s: the path needs a value for {%s}", b->d->id,
		    var_name(missing));
	for (size_t i = 0; i < t->n; i++) {
		const char *s = b->values->at[t->parts[i].var];

		if (t->parts[i].literal == NULL &&
		    (text_eq(s, ".") || text_eq(s, "..")))
			return fail(b->c, ERR_BAD_INPUT,
			    "%s: {%s} is no path segment", b->d->id,
			    var_name(t->parts[i].var));
	}
	return OK;
}

static enum err
build_url(struct build *b, const char **out)
{
	struct buf query;
	struct buf url;

	TRY(check_path(b));
	buf_init(&query, b->c->mem);
	buf_init(&url, b->c->mem);
	if (auth_is_at(b, AUTH_QUERY))
		add_pair(&query, b->d->auth.name, auth_text(b));
	TRY(add_params(b, &b->spec->query, &query));
	buf_text(&url, b->base);
	while (url.len > 0 && url.at[url.len - 1] == '/')
		url.at[--url.len] = '\0';
	template_path(&url, &b->spec->path, b->values);
	if (query.len > 0)
		buf_fmt(&url, "?%s", query.at);
	*out = url.at;
	return OK;
}

/* The same address with the secret masked: the only one to be logged. */
static enum err
build_shown(const struct build *b, const char **out)
{
	struct values masked = *b->values;
	struct build shown = *b;

	masked.at[VAR_KEY] = MASK;
	shown.values = &masked;
	TRY(build_url(&shown, out));
	return OK;
}

static bool
has_control(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return true;
	return false;
}

static enum err
add_header(
    struct build *b, struct call *out, const char *name, const char *value)
{
	struct pair *all = arena_many(b->c->mem, struct pair, MAX_HEADERS);

	if (has_control(value))
		return fail(b->c, ERR_BAD_INPUT,
		    "%s: header %s has a control character", b->d->id, name);
	if (out->header_count == MAX_HEADERS)
		return fail(
		    b->c, ERR_BAD_INPUT, "%s: too many headers", b->d->id);
	if (out->header_count > 0)
		memcpy(all, out->headers, out->header_count * sizeof(*all));
	all[out->header_count++] = (struct pair){name, value};
	out->headers = all;
	return OK;
}

static enum err
add_headers(struct build *b, const struct list *params, struct call *out)
{
	const struct param *p = params->at;

	for (size_t i = 0; i < params->n; i++) {
		const char *text = NULL;
		bool sent = false;

		TRY(param_text(b, &p[i], &sent, &text));
		if (sent)
			TRY(add_header(b, out, p[i].name, text));
	}
	return OK;
}

static enum err
build_headers(struct build *b, struct call *out)
{
	if (auth_is_at(b, AUTH_HEADER))
		TRY(add_header(b, out, b->d->auth.name, auth_text(b)));
	TRY(add_headers(b, &b->d->http.headers, out));
	return add_headers(b, &b->spec->headers, out);
}

static void
add_json(struct buf *out, const char *name, const char *value)
{
	if (out->len > 1)
		buf_char(out, ',');
	js_print_string(out, name);
	buf_char(out, ':');
	js_print_string(out, value);
}

static enum err
build_json(struct build *b, struct call *out)
{
	const struct param *p = b->spec->json.at;
	struct buf body;

	buf_init(&body, b->c->mem);
	buf_char(&body, '{');
	if (auth_is_at(b, AUTH_JSON))
		add_json(&body, b->d->auth.name, auth_text(b));
	for (size_t i = 0; i < b->spec->json.n; i++) {
		const char *text = NULL;
		bool sent = false;

		TRY(param_text(b, &p[i], &sent, &text));
		if (sent)
			add_json(&body, p[i].name, text);
	}
	buf_char(&body, '}');
	out->body = body.at;
	out->body_len = body.len;
	return add_header(b, out, "Content-Type", "application/json");
}

static enum err
build_form(struct build *b, struct call *out)
{
	struct buf body;

	buf_init(&body, b->c->mem);
	if (auth_is_at(b, AUTH_FORM))
		add_pair(&body, b->d->auth.name, auth_text(b));
	TRY(add_params(b, &b->spec->form, &body));
	out->body = body.at;
	out->body_len = body.len;
	return add_header(
	    b, out, "Content-Type", "application/x-www-form-urlencoded");
}

static enum err
build_body(struct build *b, struct call *out)
{
	if (b->spec->method == 0)
		return OK;
	if (b->spec->json.n > 0 || auth_is_at(b, AUTH_JSON))
		return build_json(b, out);
	if (b->spec->form.n > 0 || auth_is_at(b, AUTH_FORM))
		return build_form(b, out);
	return OK;
}

enum err
request_build(struct ctx *c, const struct descriptor *d,
    const struct request_spec *spec, const struct values *values,
    const char *base, struct call *out)
{
	struct build b = {c, d, spec, values, base};

	*out = (struct call){.method = request_methods[spec->method],
	    .timeout = d->http.timeout_ms * CLOCK_MS,
	    .max_body = (size_t)d->http.max_body};
	if (text_is_empty(values->at[VAR_KEY]))
		return fail(c, ERR_BAD_INPUT, "%s: no key", d->id);
	TRY(build_url(&b, &out->url));
	TRY(build_shown(&b, &out->shown));
	TRY(build_headers(&b, out));
	return build_body(&b, out);
}
