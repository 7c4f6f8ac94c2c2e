#include "provider/path.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define MAX_STEPS 16

/* Takes steps off a text; `p` moves on. */
struct cutter {
	struct arena *mem;
	const char *p;
};

static size_t
key_length(const char *p)
{
	size_t n = 0;

	while (isalnum((unsigned char)p[n]) || p[n] == '_' || p[n] == '-')
		n++;
	return n;
}

static bool
cut_key(struct cutter *k, struct step *out)
{
	size_t n;

	k->p++;
	if (*k->p == '{') {
		n = strcspn(k->p, "}");
		if (k->p[n] == '\0' || !var_find(k->p + 1, n - 1, &out->var))
			return false;
		out->kind = STEP_VAR;
		k->p += n + 1;
		return true;
	}
	n = key_length(k->p);
	out->kind = STEP_KEY;
	out->key = arena_strndup(k->mem, k->p, n);
	k->p += n;
	return n > 0;
}

static bool
cut_bracket(struct cutter *k, struct step *out)
{
	static const char filter[] = "[?nonempty(.";
	size_t n = strcspn(k->p, "]");
	const char *in = arena_strndup(k->mem, k->p, n);

	if (k->p[n] == '\0')
		return false;
	k->p += n + 1;
	if (strcmp(in, "[*") == 0) {
		out->kind = STEP_ALL;
		return true;
	}
	if (text_starts(in, filter)) {
		in += sizeof(filter) - 1;
		n = key_length(in);
		out->kind = STEP_NONEMPTY;
		out->key = arena_strndup(k->mem, in, n);
		return n > 0 && strcmp(in + n, ")") == 0;
	}
	out->kind = STEP_INDEX;
	return text_to_i64(in + 1, -1000, 1000, &out->index);
}

static bool
path_parse(struct arena *mem, const char *text, struct path *out)
{
	struct step *steps = arena_many(mem, struct step, MAX_STEPS);
	struct cutter k = {mem, text};
	size_t n = 0;

	if (*k.p++ != '$')
		return false;
	for (; *k.p != '\0'; n++) {
		if (n == MAX_STEPS)
			return false;
		if (*k.p == '.' ? !cut_key(&k, &steps[n]) :
				  *k.p != '[' || !cut_bracket(&k, &steps[n]))
			return false;
	}
	*out = (struct path){steps, n};
	return true;
}

enum err
read_path(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = NULL;

	TRY(read_text(r, v, arg, &text));
	if (!path_parse(r->c->mem, text, at))
		return reader_refuse(r, "is not a path such as $.a[0].b");
	return OK;
}

/* What a walk has found; `mem` NULL wants one value only. */
struct hits {
	struct arena *mem;
	const struct values *values;
	const struct js **at;
	size_t n, cap;
};

static bool
is_full(const struct hits *h)
{
	return h->mem == NULL && h->n == h->cap;
}

static void
hit(struct hits *h, const struct js *v)
{
	if (js_type(v) == JS_NULL || is_full(h))
		return;
	if (h->n == h->cap) {
		const struct js **more =
		    arena_many(h->mem, const struct js *, h->cap * 2 + 8);

		for (size_t i = 0; i < h->n; i++)
			more[i] = h->at[i];
		h->at = more;
		h->cap = h->cap * 2 + 8;
	}
	h->at[h->n++] = v;
}

/* Null, "" and [] and {} are empty; 0 and false are not. */
static bool
is_nonempty(const struct js *v)
{
	const char *text = NULL;

	if (js_text(v, &text))
		return *text != '\0';
	if (js_type(v) == JS_ARRAY || js_type(v) == JS_OBJECT)
		return js_count(v) > 0;
	return js_type(v) != JS_NULL;
}

static void walk(
    const struct path *p, size_t i, const struct js *v, struct hits *h);

static void
walk_children(
    const struct path *p, size_t i, const struct js *v, struct hits *h)
{
	const struct step *s = &p->steps[i];
	const struct js *child = NULL;
	const char *key = NULL;
	size_t count = js_count(v);

	for (size_t n = 0; n < count && !is_full(h); n++) {
		if (js_type(v) == JS_ARRAY)
			child = js_at(v, (int64_t)n);
		else if (!js_each(v, n, &key, &child))
			return;
		if (s->kind == STEP_ALL || is_nonempty(js_get(child, s->key)))
			walk(p, i + 1, child, h);
	}
}

static void
walk(const struct path *p, size_t i, const struct js *v, struct hits *h)
{
	const struct step *s = &p->steps[i];
	const char *key;

	if (i == p->n) {
		hit(h, v);
		return;
	}
	switch (s->kind) {
	case STEP_KEY:
		walk(p, i + 1, js_get(v, s->key), h);
		break;
	case STEP_VAR:
		key = h->values->at[s->var];
		if (key != NULL)
			walk(p, i + 1, js_get(v, key), h);
		break;
	case STEP_INDEX:
		walk(p, i + 1, js_at(v, s->index), h);
		break;
	case STEP_ALL:
	case STEP_NONEMPTY:
		walk_children(p, i, v, h);
		break;
	}
}

const struct js *
path_first(
    const struct path *p, const struct values *values, const struct js *root)
{
	const struct js *one = NULL;
	struct hits h = {.values = values, .at = &one, .cap = 1};

	walk(p, 0, root, &h);
	return one;
}

struct list
path_all(struct arena *mem, const struct path *p, const struct values *values,
    const struct js *root)
{
	struct hits h = {.mem = mem, .values = values};

	walk(p, 0, root, &h);
	return (struct list){h.at, h.n};
}
