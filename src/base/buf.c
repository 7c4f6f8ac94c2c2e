#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/law.h"

#define FIRST_CAP 256

void
buf_init(struct buf *b, struct arena *mem)
{
	b->mem = mem;
	b->cap = FIRST_CAP;
	b->len = 0;
	b->at = arena_alloc(mem, 1, FIRST_CAP);
}

static void
buf_reserve(struct buf *b, size_t more)
{
	size_t need;
	char *at;

	law(!__builtin_add_overflow(b->len, more, &need));
	law(need < SIZE_MAX / 2);
	if (need < b->cap)
		return;
	b->cap = (need + 1) * 2;
	at = arena_alloc(b->mem, 1, b->cap);
	memcpy(at, b->at, b->len);
	b->at = at;
}

void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (n == 0)
		return;
	buf_reserve(b, n);
	memcpy(b->at + b->len, bytes, n);
	b->len += n;
	b->at[b->len] = '\0';
}

void
buf_text(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_char(struct buf *b, char ch)
{
	buf_add(b, &ch, 1);
}

void
buf_fmt(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	law(n >= 0);
	buf_reserve(b, (size_t)n);
	va_start(ap, fmt);
	(void)vsnprintf(b->at + b->len, (size_t)n + 1, fmt, ap);
	va_end(ap);
	b->len += (size_t)n;
}

void
buf_clear(struct buf *b)
{
	b->len = 0;
	b->at[0] = '\0';
}
