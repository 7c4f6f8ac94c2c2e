#include "unit/provider/fixtures.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/text.h"
#include "harness/suite.h"
#include "io/js.h"

#define MAX_FILE ((size_t)4 << 20)

const char *
fixtures_dir(void)
{
	static char dir[512];
	const char *top = getenv("srcdir");

	(void)snprintf(
	    dir, sizeof(dir), "%s/providers", top == NULL ? "." : top);
	return dir;
}

static const char *
member(const struct js *from, const char *name)
{
	const char *text = NULL;

	(void)js_text(js_get(from, name), &text);
	return text;
}

static int64_t
member_i64(const struct js *from, const char *name)
{
	int64_t n = 0;

	(void)js_i64(js_get(from, name), &n);
	return n;
}

static struct vars
vars_of(const struct js *from)
{
	return (struct vars){
	    .key = "KEY",
	    .base = member(from, "base"),
	    .service = member(from, "service"),
	    .country = member(from, "country"),
	    .operator= member(from, "operator"),
	    .dial = member(from, "dial"),
	    .id = member(from, "id"),
	    .ref = member(from, "ref"),
	    .max_price = member_i64(from, "max_price"),
	    .offset = member_i64(from, "offset"),
	};
}

static void
must_equal(
    const char *name, const char *what, const char *got, const char *want)
{
	bool same = text_eq(got, want);

	if (!same)
		printf("# %s: %s\n#  got  %s\n#  want %s\n", name, what,
		    got == NULL ? "(null)" : got,
		    want == NULL ? "(null)" : want);
	CU_ASSERT_TRUE(same);
}

/* Headers as one JSON object, in the order they are sent. */
static const char *
headers_text(struct ctx *c, const struct call *call)
{
	struct buf b;

	buf_init(&b, c->mem);
	buf_char(&b, '{');
	for (size_t i = 0; i < call->header_count; i++) {
		if (i > 0)
			buf_char(&b, ',');
		js_print_string(&b, call->headers[i].name);
		buf_char(&b, ':');
		js_print_string(&b, call->headers[i].value);
	}
	buf_char(&b, '}');
	return b.at;
}

static const char *
printed(struct ctx *c, const struct js *v)
{
	struct buf b;

	buf_init(&b, c->mem);
	js_print(&b, v);
	return b.at;
}

static void
check_request(struct ctx *c, const struct descriptor *d, const char *name,
    enum upstream_op op, const struct js *one)
{
	const struct js *want = js_get(one, "request");
	struct vars v = vars_of(js_get(one, "vars"));
	struct call call;

	if (want == NULL)
		return;
	if (engine_request(c, d, op, &v, &call) != OK) {
		must_equal(
		    name, "refused", c->err_why, member(want, "refused"));
		ctx_forgive(c);
		return;
	}
	must_equal(name, "method", call.method, member(want, "method"));
	must_equal(name, "url", call.url, member(want, "url"));
	must_equal(name, "headers", headers_text(c, &call),
	    js_has(want, "headers") ? printed(c, js_get(want, "headers")) :
				      "{}");
	must_equal(name, "body", call.body, member(want, "body"));
	CU_ASSERT_EQUAL(call.paid, op == OP_BUY);
	CU_ASSERT_PTR_NULL(strstr(call.shown, "KEY"));
}

static struct answer
answer_of(struct ctx *c, const struct js *from)
{
	const struct js *headers = js_get(from, "headers");
	const struct js *body = js_get(from, "body");
	struct pair *pairs = arena_many(c->mem, struct pair, js_count(headers));
	const struct js *value = NULL;
	struct answer a = {.status = (int)member_i64(from, "status")};

	for (size_t i = 0; js_each(headers, i, &pairs[i].name, &value); i++)
		(void)js_text(value, &pairs[i].value);
	if (!js_text(body, &a.body))
		a.body = body == NULL ? "" : printed(c, body);
	a.body_len = strlen(a.body);
	a.headers = pairs;
	a.header_count = js_count(headers);
	return a;
}

static void
reach(struct reached *reached, const struct outcome *o)
{
	if (o->rule != NULL && !reached_has(reached, o->rule) &&
	    reached->n < sizeof(reached->at) / sizeof(reached->at[0]))
		reached->at[reached->n++] = o->rule;
	for (size_t i = 0; i < o->item_count; i++)
		reach(reached, &o->items[i]);
}

bool
reached_has(const struct reached *reached, const char *place)
{
	for (unsigned i = 0; i < reached->n; i++)
		if (text_eq(reached->at[i], place))
			return true;
	return false;
}

static void
check_answer(struct ctx *c, const struct descriptor *d, enum upstream_op op,
    const struct js *one, struct reached *reached)
{
	struct vars v = vars_of(js_get(one, "vars"));
	struct answer a = answer_of(c, js_get(one, "answer"));
	struct outcome o;
	struct buf b;

	if (!js_has(one, "answer"))
		return;
	engine_read(c, d, op, &v, &a, &o);
	reach(reached, &o);
	buf_init(&b, c->mem);
	outcome_print(&b, &o);
	must_equal(member(one, "name"), "outcome", b.at,
	    printed(c, js_get(one, "expect")));
}

static unsigned
run_file(struct ctx *c, const struct descriptor *d, const char *path,
    struct reached *reached)
{
	const struct js *cases = NULL;
	const char *text = NULL;
	size_t len = 0;

	if (file_read(c, path, MAX_FILE, &text, &len) != OK ||
	    js_parse(c, text, len, &cases) != OK) {
		must_equal(path, "file", c->err_why, "readable");
		return 0;
	}
	for (size_t i = 0; i < js_count(cases); i++) {
		const struct js *one = js_at(cases, (int64_t)i);
		enum upstream_op op = OP__MAX;

		if (!upstream_op_find(member(one, "op"), &op)) {
			must_equal(path, "op", member(one, "op"), "known");
			continue;
		}
		check_request(c, d, member(one, "name"), op, one);
		check_answer(c, d, op, one, reached);
	}
	return (unsigned)js_count(cases);
}

unsigned
fixtures_run(struct ctx *c, const struct descriptor *d, struct reached *reached)
{
	const char *dir =
	    arena_fmt(c->mem, "%s/fixtures/%s", fixtures_dir(), d->id);
	DIR *open = opendir(dir);
	unsigned n = 0;

	if (open == NULL) {
		must_equal(d->id, "fixtures", "none", dir);
		return 0;
	}
	for (struct dirent *e = readdir(open); e != NULL; e = readdir(open))
		if (text_ends(e->d_name, ".json"))
			n += run_file(c, d,
			    arena_fmt(c->mem, "%s/%s", dir, e->d_name),
			    reached);
	(void)closedir(open);
	return n;
}
