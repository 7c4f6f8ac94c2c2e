/*
 * buf - bytes that grow inside an arena. The text is always NUL-terminated
 * one byte past `len`; growing is amortised and cannot fail.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>

struct arena;

struct buf {
	struct arena *mem;
	char *at; /* never NULL after buf_init */
	size_t len;
	size_t cap;
};

/* Start an empty buffer in `mem`. */
void buf_init(struct buf *b, struct arena *mem);

void buf_add(struct buf *b, const void *bytes, size_t n);
void buf_text(struct buf *b, const char *s);
void buf_char(struct buf *b, char ch);
void buf_fmt(struct buf *b, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Drop the content, keep the memory. */
void buf_clear(struct buf *b);

#endif
