#include "io/js_scan.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"

struct slice {
	const char *at;
	size_t len;
};

/* One open object or array: where we are in it. */
struct level {
	struct slice key; /* current member; at NULL in an array */
	size_t index;     /* current element */
	size_t first_key; /* its keys start here in scan.keys */
};

struct scan {
	struct arena *mem;
	const char *p;
	const char *end;
	const char *why;
	struct level levels[JS_MAX_DEPTH];
	size_t depth;
	struct slice *keys; /* of all open objects, innermost last */
	size_t key_count;
	size_t key_room;
	struct js_duplicates *duplicates;
};

static bool value(struct scan *s);

static bool
refuse(struct scan *s, const char *why)
{
	if (s->why == NULL)
		s->why = why;
	return false;
}

static void
blanks(struct scan *s)
{
	while (s->p < s->end &&
	    (*s->p == ' ' || *s->p == '\t' || *s->p == '\n' || *s->p == '\r'))
		s->p++;
}

static bool
take(struct scan *s, char ch)
{
	if (s->p == s->end || *s->p != ch)
		return false;
	s->p++;
	return true;
}

static bool
word(struct scan *s, const char *text)
{
	size_t n = strlen(text);

	if ((size_t)(s->end - s->p) < n || memcmp(s->p, text, n) != 0)
		return refuse(s, "unknown word");
	s->p += n;
	return true;
}

static size_t
digit_run(struct scan *s)
{
	const char *from = s->p;

	while (s->p < s->end && *s->p >= '0' && *s->p <= '9')
		s->p++;
	return (size_t)(s->p - from);
}

/* The integer that ends at s->p must fit: json-c would clamp it. */
static bool
fits_int64(struct scan *s, const char *from)
{
	char text[24] = {0};
	size_t n = (size_t)(s->p - from);
	int64_t ignored;

	if (n >= sizeof(text))
		return refuse(s, "integer beyond int64");
	memcpy(text, from, n);
	if (!text_to_i64(text, INT64_MIN, INT64_MAX, &ignored))
		return refuse(s, "integer beyond int64");
	return true;
}

static bool
number(struct scan *s)
{
	const char *from = s->p;
	bool is_integer = true;

	(void)take(s, '-'); /* optional */
	if (!take(s, '0') && digit_run(s) == 0)
		return refuse(s, "bad number");
	if (take(s, '.')) {
		is_integer = false;
		if (digit_run(s) == 0)
			return refuse(s, "bad number");
	}
	if (take(s, 'e') || take(s, 'E')) {
		is_integer = false;
		if (!take(s, '-'))
			(void)take(s, '+'); /* optional */
		if (digit_run(s) == 0)
			return refuse(s, "bad number");
	}
	return !is_integer || fits_int64(s, from);
}

/* Four hex digits at p, or -1. */
static int32_t
hex4(const char *p, const char *end)
{
	int32_t v = 0;

	if (end - p < 4)
		return -1;
	for (int i = 0; i < 4; i++) {
		char ch = p[i];
		int32_t d = ch >= '0' && ch <= '9' ? ch - '0' :
		    ch >= 'a' && ch <= 'f'         ? ch - 'a' + 10 :
		    ch >= 'A' && ch <= 'F'         ? ch - 'A' + 10 :
						     -1;

		if (d < 0)
			return -1;
		v = v * 16 + d;
	}
	return v;
}

/*
 * The code point of an escape whose "\u" stands at *p, moved past it; -1
 * when malformed, a lone surrogate, or NUL.
 */
static int32_t
code_point(const char **p, const char *end)
{
	int32_t hi = hex4(*p + 2, end);
	int32_t lo;

	if (hi <= 0 || (hi >= 0xdc00 && hi <= 0xdfff))
		return -1;
	*p += 6;
	if (hi < 0xd800 || hi > 0xdbff)
		return hi;
	if (end - *p < 6 || (*p)[0] != '\\' || (*p)[1] != 'u')
		return -1;
	lo = hex4(*p + 2, end);
	if (lo < 0xdc00 || lo > 0xdfff)
		return -1;
	*p += 6;
	return 0x10000 + (hi - 0xd800) * 0x400 + (lo - 0xdc00);
}

static bool
escape(struct scan *s)
{
	if (s->end - s->p < 2)
		return refuse(s, "unfinished string");
	if (s->p[1] == 'u')
		return code_point(&s->p, s->end) >= 0 ||
		    refuse(s, "bad \\u escape, lone surrogate or NUL");
	if (s->p[1] == '\0' || strchr("\"\\/bfnrt", s->p[1]) == NULL)
		return refuse(s, "unknown escape");
	s->p += 2;
	return true;
}

/* A string; `out` is what stands between the quotes, still escaped. */
static bool
string(struct scan *s, struct slice *out, bool *escaped)
{
	*escaped = false;
	if (!take(s, '"'))
		return refuse(s, "string expected");
	out->at = s->p;
	while (s->p < s->end && *s->p != '"') {
		if ((unsigned char)*s->p < 0x20)
			return refuse(s, "control character in a string");
		if (*s->p != '\\') {
			s->p++;
			continue;
		}
		*escaped = true;
		if (!escape(s))
			return false;
	}
	out->len = (size_t)(s->p - out->at);
	return take(s, '"') || refuse(s, "unfinished string");
}

static void
put_utf8(struct buf *b, int32_t cp)
{
	if (cp < 0x80) {
		buf_char(b, (char)cp);
		return;
	}
	if (cp < 0x800) {
		buf_char(b, (char)(0xc0 | (cp >> 6)));
	} else {
		if (cp < 0x10000) {
			buf_char(b, (char)(0xe0 | (cp >> 12)));
		} else {
			buf_char(b, (char)(0xf0 | (cp >> 18)));
			buf_char(b, (char)(0x80 | ((cp >> 12) & 0x3f)));
		}
		buf_char(b, (char)(0x80 | ((cp >> 6) & 0x3f)));
	}
	buf_char(b, (char)(0x80 | (cp & 0x3f)));
}

/* What a checked string means, so that "a" and "\u0061" are the same key. */
static struct slice
unescape(struct arena *mem, struct slice raw)
{
	static const char from[] = "\"\\/bfnrt";
	static const char to[] = "\"\\/\b\f\n\r\t";
	const char *end = raw.at + raw.len;
	struct buf b;

	buf_init(&b, mem);
	for (const char *p = raw.at; p < end;) {
		if (*p != '\\') {
			buf_char(&b, *p++);
		} else if (p[1] == 'u') {
			put_utf8(&b, code_point(&p, end));
		} else {
			buf_char(&b, to[strchr(from, p[1]) - from]);
			p += 2;
		}
	}
	return (struct slice){b.at, b.len};
}

static void
put_pointer_part(struct buf *b, struct slice key)
{
	for (size_t i = 0; i < key.len; i++)
		if (key.at[i] == '~')
			buf_text(b, "~0");
		else if (key.at[i] == '/')
			buf_text(b, "~1");
		else
			buf_char(b, key.at[i]);
}

static void
note_duplicate(struct scan *s, struct slice key)
{
	struct js_duplicates *d = s->duplicates;
	struct buf b;

	if (d->count == JS_MAX_DUPLICATES)
		return;
	buf_init(&b, s->mem);
	for (size_t i = 0; i + 1 < s->depth; i++) {
		if (s->levels[i].key.at == NULL)
			buf_fmt(&b, "%zu", s->levels[i].index);
		else
			put_pointer_part(&b, s->levels[i].key);
		buf_char(&b, '/');
	}
	put_pointer_part(&b, key);
	d->at[d->count++] = b.at;
}

static int
compare_keys(const void *a, const void *b)
{
	const struct slice *x = a;
	const struct slice *y = b;

	if (x->len != y->len)
		return x->len < y->len ? -1 : 1;
	return memcmp(x->at, y->at, x->len);
}

/* The object's keys are complete: compare them, forget them. */
static void
close_keys(struct scan *s, size_t first)
{
	struct slice *keys = s->keys + first;
	size_t n = s->key_count - first;

	if (n > 1)
		qsort(keys, n, sizeof(*keys), compare_keys);
	for (size_t i = 1; i < n; i++)
		if (compare_keys(&keys[i - 1], &keys[i]) == 0)
			note_duplicate(s, keys[i]);
	s->key_count = first;
}

static void
add_key(struct scan *s, struct slice key)
{
	if (s->key_count == s->key_room) {
		size_t room = s->key_room == 0 ? 64 : s->key_room * 2;
		struct slice *grown = arena_many(s->mem, struct slice, room);

		if (s->key_count > 0)
			memcpy(grown, s->keys, s->key_count * sizeof(*grown));
		s->keys = grown;
		s->key_room = room;
	}
	s->keys[s->key_count++] = key;
}

static bool
member(struct scan *s, struct level *l)
{
	struct slice key = {0};
	bool escaped;

	blanks(s);
	if (!string(s, &key, &escaped))
		return false;
	if (escaped)
		key = unescape(s->mem, key);
	l->key = key;
	add_key(s, key);
	blanks(s);
	if (!take(s, ':'))
		return refuse(s, "colon expected");
	return value(s);
}

static bool
members(struct scan *s, struct level *l)
{
	s->p++; /* the brace */
	blanks(s);
	if (take(s, '}'))
		return true;
	do {
		if (!member(s, l))
			return false;
		blanks(s);
	} while (take(s, ','));
	if (!take(s, '}'))
		return refuse(s, "comma or closing brace expected");
	close_keys(s, l->first_key);
	return true;
}

static bool
elements(struct scan *s, struct level *l)
{
	s->p++; /* the bracket */
	blanks(s);
	if (take(s, ']'))
		return true;
	do {
		if (!value(s))
			return false;
		l->index++;
		blanks(s);
	} while (take(s, ','));
	return take(s, ']') || refuse(s, "comma or closing bracket expected");
}

static bool
nested(struct scan *s, bool (*body)(struct scan *, struct level *))
{
	struct level *l;

	if (s->depth == JS_MAX_DEPTH)
		return refuse(s, "nested too deeply");
	l = &s->levels[s->depth++];
	*l = (struct level){.first_key = s->key_count};
	if (!body(s, l))
		return false;
	s->depth--;
	return true;
}

static bool
value(struct scan *s)
{
	struct slice ignored = {0};
	bool escaped;

	blanks(s);
	if (s->p == s->end)
		return refuse(s, "value expected");
	switch (*s->p) {
	case '{':
		return nested(s, members);
	case '[':
		return nested(s, elements);
	case '"':
		return string(s, &ignored, &escaped);
	case 't':
		return word(s, "true");
	case 'f':
		return word(s, "false");
	case 'n':
		return word(s, "null");
	default:
		return number(s);
	}
}

bool
js_scan(struct arena *mem, const char *text, size_t len,
    struct js_duplicates *duplicates, struct js_fault *fault)
{
	struct scan s = {
	    .mem = mem, .p = text, .end = text + len, .duplicates = duplicates};
	bool ok;

	*duplicates = (struct js_duplicates){0};
	*fault = (struct js_fault){"not UTF-8, or a NUL byte", 0};
	if (!text_is_utf8(text, len))
		return false;
	ok = value(&s);
	blanks(&s);
	if (ok && s.p != s.end)
		ok = refuse(&s, "text after the value");
	*fault = (struct js_fault){s.why, (size_t)(s.p - text)};
	return ok;
}
