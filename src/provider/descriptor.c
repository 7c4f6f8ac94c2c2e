#include "provider/descriptor.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/text.h"
#include "provider/merge.h"
#include "provider/op_read.h"

#define MAX_FILE    ((size_t)256 << 10)
#define MAX_EXTENDS 4
#define MAX_ID      32
#define MAX_VARS    8

static bool
is_id(const char *s)
{
	size_t n = strspn(s, "abcdefghijklmnopqrstuvwxyz0123456789-");

	return n > 0 && n <= MAX_ID && s[n] == '\0';
}

static enum err
read_id(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = NULL;

	TRY(read_text(r, v, arg, &text));
	if (!is_id(text))
		return reader_refuse(
		    r, "must be a-z, 0-9 and -, at most %d", MAX_ID);
	*(const char **)at = text;
	return OK;
}

static enum err
read_currency(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = NULL;

	TRY(read_text(r, v, arg, &text));
	if (strlen(text) != 3 ||
	    strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != 3)
		return reader_refuse(r, "must be a currency such as USD");
	*(const char **)at = text;
	return OK;
}

static enum err
read_http(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct range timeout = {100, 120000};
	static const struct range body = {1024, 64 << 20};
#define AT(field) offsetof(struct http_spec, field)
	static const struct member members[] = {
	    {"base", read_scalars, AT(base), true, NULL},
	    {"timeout_ms", read_int, AT(timeout_ms), true, &timeout},
	    {"max_body", read_int, AT(max_body), true, &body},
	    {"headers", read_named, AT(headers), false, &param_list},
	};
#undef AT
	const struct http_spec *http = at;

	(void)arg;
	TRY(READ_OBJECT(r, v, members, at));
	for (size_t i = 0; i < http->base.n; i++) {
		const char *base = ((const char *const *)http->base.at)[i];

		if (!text_starts(base, "https://") &&
		    !text_starts(base, "http://"))
			return reader_refuse(r, "base must be an address");
	}
	return OK;
}

static enum err
read_auth(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const char *const types[] = {"static", NULL};
	static const char *const places[] = {
	    "query", "header", "form", "json", NULL};
#define AT(field) offsetof(struct auth_spec, field)
	static const struct member members[] = {
	    {"type", read_choice, AT(type), true, types},
	    {"place", read_choice, AT(place), true, places},
	    {"name", read_text, AT(name), true, NULL},
	    {"format", read_template, AT(format), true, NULL},
	};
#undef AT
	(void)arg;
	return READ_OBJECT(r, v, members, at);
}

static enum err
read_limits(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct range any = {0, 3600000};
#define ROW(field)                                                            \
	{                                                                     \
#field, read_int, offsetof(struct limits_spec, field), false, \
		    &any                                                      \
	}
	static const struct member members[] = {
	    ROW(rps),
	    ROW(buy_rps),
	    ROW(concurrency),
	    ROW(min_interval_ms),
	    ROW(poll_ms),
	    ROW(batch_poll_ms),
	};
#undef ROW

	(void)arg;
	return READ_OBJECT(r, v, members, at);
}

static enum err
read_var_spec(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const char *const natives[] = {"text", "int", NULL};
#define AT(field) offsetof(struct var_spec, field)
	static const struct member members[] = {
	    {"map", read_text, AT(map), false, NULL},
	    {"native", read_choice, AT(native), false, natives},
	    {"default", read_text, AT(otherwise), false, NULL},
	};
#undef AT
	struct var_spec *spec = at;

	(void)arg;
	if (!var_find(spec->name, strlen(spec->name), &spec->var))
		return reader_refuse(r, "there is no such variable");
	return READ_OBJECT(r, v, members, at);
}

static enum err
read_phone(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct member members[] = {
	    {"number", read_template, offsetof(struct descriptor, phone), true,
		NULL},
	};
	struct descriptor *d = at;

	(void)arg;
	d->has_phone = true;
	return READ_OBJECT(r, v, members, at);
}

static enum err
read_pre(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const char *const names[] = {
	    "unquote_json_string", "unwrap_html_body", NULL};
	static const struct list_of of = {sizeof(int), read_choice, names, 2};
	struct rules_spec *rules = at;
	struct list chosen = {0};
	const int *name;

	(void)arg;
	TRY(read_list(r, v, &of, &chosen));
	name = chosen.at;
	for (size_t i = 0; i < chosen.n; i++) {
		rules->unquote = rules->unquote || name[i] == 0;
		rules->unwrap_html = rules->unwrap_html || name[i] == 1;
	}
	return OK;
}

static enum err
read_rules(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct rules_spec, field)
	static const struct member members[] = {
	    {"note", read_note, 0, false, NULL},
	    {"pre", read_pre, 0, false, NULL},
	    {"word", read_extractor, AT(word), true, NULL},
	    {"errors", read_list, AT(errors), true, &rule_list},
	};
#undef AT

	(void)arg;
	return READ_OBJECT(r, v, members, at);
}

static enum err
compile(struct reader *r, const struct js *tree, struct descriptor *d)
{
	static const struct range schema = {1, 1};
	static const struct list_of vars = {
	    sizeof(struct var_spec), read_var_spec, NULL, MAX_VARS};
#define AT(field) offsetof(struct descriptor, field)
	static const struct member members[] = {
	    {"schema", read_int, AT(schema), true, &schema},
	    {"id", read_id, AT(id), true, NULL},
	    {"extends", read_id, AT(extends), false, NULL},
	    {"note", read_note, 0, false, NULL},
	    {"currency", read_currency, AT(currency), true, NULL},
	    {"http", read_http, AT(http), true, NULL},
	    {"auth", read_auth, AT(auth), true, NULL},
	    {"limits", read_limits, AT(limits), true, NULL},
	    {"vars", read_named, AT(vars), true, &vars},
	    {"phone", read_phone, 0, false, NULL},
	    {"time", read_when, AT(time), true, NULL},
	    {"rules", read_rules, AT(rules), true, NULL},
	    {"ops", read_ops, AT(ops), true, NULL},
	};
#undef AT

	return READ_OBJECT(r, tree, members, d);
}

/* The tree of `text` with the members of what it extends. */
static enum err
resolve(struct ctx *c, const char *dir, const char *text, size_t len, int depth,
    const struct js **out)
{
	const struct js *over = NULL;
	const struct js *base = NULL;
	const char *extends = NULL;
	const char *base_text = NULL;
	size_t base_len = 0;

	TRY(js_parse(c, text, len, &over));
	*out = over;
	if (!js_text(js_get(over, "extends"), &extends))
		return OK;
	if (!is_id(extends) || depth == MAX_EXTENDS)
		return fail(c, ERR_BAD_INPUT,
		    "extends: \"%.64s\" is no id or the chain is longer than %d",
		    extends, MAX_EXTENDS);
	TRY(file_read(c, arena_fmt(c->mem, "%s/%s.json", dir, extends),
	    MAX_FILE, &base_text, &base_len));
	TRY(resolve(c, dir, base_text, base_len, depth + 1, &base));
	return merge_apply(c, base, over, out);
}

enum err
descriptor_parse(struct ctx *c, const char *dir, const char *text, size_t len,
    const struct descriptor **out)
{
	struct descriptor *d = arena_one(c->mem, struct descriptor);
	struct reader r = {.c = c, .file = "descriptor"};
	const struct js *tree = NULL;

	if (len > MAX_FILE)
		return fail(c, ERR_TOO_LARGE, "descriptor: %zu bytes", len);
	TRY(resolve(c, dir, text, len, 0, &tree));
	if (js_text(js_get(tree, "id"), &r.file))
		r.file = arena_fmt(c->mem, "%.64s", r.file);
	TRY(compile(&r, tree, d));
	*out = d;
	return OK;
}

enum err
descriptor_load(struct ctx *c, const char *dir, const char *id,
    const struct descriptor **out)
{
	const char *text = NULL;
	size_t len = 0;

	if (!is_id(id))
		return fail(c, ERR_BAD_INPUT, "\"%.64s\" is no descriptor", id);
	TRY(file_read(c, arena_fmt(c->mem, "%s/%s.json", dir, id), MAX_FILE,
	    &text, &len));
	TRY(descriptor_parse(c, dir, text, len, out));
	if (!text_eq((*out)->id, id))
		return fail(c, ERR_BAD_INPUT, "%s.json says it is \"%s\"", id,
		    (*out)->id);
	return OK;
}
