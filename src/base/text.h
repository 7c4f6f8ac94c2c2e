/* text - small questions about NUL-terminated text, ASCII only. */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

bool text_eq(const char *a, const char *b); /* NULL equals only NULL */
bool text_eq_ci(const char *a, const char *b);
bool text_starts(const char *s, const char *prefix);
bool text_starts_ci(const char *s, const char *prefix);
bool text_ends(const char *s, const char *suffix);

/* NULL or "" */
bool text_is_empty(const char *s);

/* A copy without white space at both ends. */
char *text_trim(struct arena *mem, const char *s);

/* A copy in lower case. */
char *text_lower(struct arena *mem, const char *s);

/* A whole decimal number within [lo, hi] and nothing else. */
bool text_to_i64(const char *s, int64_t lo, int64_t hi, int64_t *out);

/*
 * Bytes of the UTF-8 sequence (RFC 3629) at the start of `n` bytes; 0 when
 * there is no valid one, nothing at all, or a NUL.
 */
size_t text_utf8_length(const char *s, size_t n);

/* The first `n` bytes are valid UTF-8 (RFC 3629) without NUL. */
bool text_is_utf8(const char *s, size_t n);

#endif
