#include <inttypes.h>
#include <limits.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/law.h"
#include "io/db_conn.h"

struct db_param
db_column(struct ctx *c, enum db_param_kind kind, const void *all, size_t n,
    size_t size, size_t offset)
{
	const unsigned char *at = (const unsigned char *)all + offset;
	const char **texts = arena_many(c->mem, const char *, n + 1);
	int64_t *numbers = arena_many(c->mem, int64_t, n + 1);

	for (size_t i = 0; i < n; i++, at += size)
		if (kind == DB_I64S)
			memcpy(&numbers[i], at, sizeof(*numbers));
		else
			memcpy(&texts[i], at, sizeof(*texts));
	return kind == DB_I64S ? P_I64S(numbers, n) : P_TEXTS(texts, n);
}

/* Array input syntax of the PostgreSQL manual, section 8.15.2. */
static const char *
print_i64s(struct ctx *c, const int64_t *at, size_t n)
{
	struct buf b;

	buf_init(&b, c->mem);
	buf_char(&b, '{');
	for (size_t i = 0; i < n; i++)
		buf_fmt(&b, "%s%" PRId64, i > 0 ? "," : "", at[i]);
	buf_char(&b, '}');
	return b.at;
}

static void
print_element(struct buf *b, const char *s)
{
	if (s == NULL) {
		buf_text(b, "NULL");
		return;
	}
	buf_char(b, '"');
	for (; *s != '\0'; s++) {
		if (*s == '"' || *s == '\\')
			buf_char(b, '\\');
		buf_char(b, *s);
	}
	buf_char(b, '"');
}

static const char *
print_texts(struct ctx *c, const char *const *at, size_t n)
{
	struct buf b;

	buf_init(&b, c->mem);
	buf_char(&b, '{');
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&b, ',');
		print_element(&b, at[i]);
	}
	buf_char(&b, '}');
	return b.at;
}

static const char *
print_time(struct ctx *c, int64_t us)
{
	char *text;

	if (us == 0)
		return NULL;
	text = arena_alloc(c->mem, 1, CLOCK_TEXT_SIZE);
	clock_print(us, text);
	return text;
}

static const char *
print(struct ctx *c, const struct db_param *p)
{
	switch (p->kind) {
	case DB_NULL:
		return NULL;
	case DB_TEXT:
	case DB_BYTES:
		return p->at;
	case DB_I64:
		return arena_fmt(c->mem, "%" PRId64, p->num);
	case DB_BOOL:
		return p->num != 0 ? "t" : "f";
	case DB_TIME:
		return print_time(c, p->num);
	case DB_I64S:
		return print_i64s(c, p->at, p->n);
	case DB_TEXTS:
		return print_texts(c, p->at, p->n);
	}
	return NULL;
}

void
db_args_set(struct ctx *c, struct db_args *a, const struct db_param *p, int n)
{
	law(n <= DB_MAX_PARAMS);
	for (int i = 0; i < n; i++) {
		a->values[i] = print(c, &p[i]);
		if (p[i].kind != DB_BYTES)
			continue;
		law(p[i].n <= INT_MAX);
		a->lengths[i] = (int)p[i].n;
		a->formats[i] = 1; /* binary */
	}
}
