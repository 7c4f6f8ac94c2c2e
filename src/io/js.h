/*
 * js - JSON values, read strictly (RFC 8259). The tree belongs to c->mem.
 * Refused, although json-c would take them: duplicate keys, NaN, Infinity,
 * NUL in a string or key, invalid UTF-8, lone surrogates, integers beyond
 * int64, more than JS_MAX_DEPTH levels, text after the value.
 */
#ifndef IO_JS_H
#define IO_JS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct buf;
struct js; /* one value of a parsed tree */

#define JS_MAX_DEPTH 32

enum js_type {
	JS_NULL,
	JS_BOOL,
	JS_INT,
	JS_DOUBLE,
	JS_STRING,
	JS_ARRAY,
	JS_OBJECT
};

/*
 * ERR_BAD_REQUEST with the private reason when it is not strict JSON. The
 * caller caps `len`: the tree costs some ten times the text. A tree may be
 * read by several threads at once.
 */
enum err js_parse(struct ctx *c, const char *text, size_t len,
    const struct js **out) MUST_CHECK;

/* JSON pointers (RFC 6901, without the first slash) of repeated members. */
#define JS_MAX_DUPLICATES 16
struct js_duplicates {
	const char *at[JS_MAX_DUPLICATES];
	size_t count;
};

/*
 * The same for a caller who reports duplicates with his own faults: they
 * are listed instead of refused, and the tree holds the last value.
 */
enum err js_parse_listing(struct ctx *c, const char *text, size_t len,
    const struct js **out, struct js_duplicates *duplicates) MUST_CHECK;

/* NULL (absent) reads as JS_NULL everywhere below. */
enum js_type js_type(const struct js *v);

/* A member; NULL when absent, null, or `object` is none. */
const struct js *js_get(const struct js *object, const char *key);
bool js_has(const struct js *object, const char *key);
/* Element i of an array; negative counts from the end. NULL when absent. */
const struct js *js_at(const struct js *array, int64_t i);
/* Members of an object or elements of an array; 0 for the rest. */
size_t js_count(const struct js *v);

/*
 * Member n of an object in its own order: count `n` up from 0; false at the
 * end. Constant time, also in a price list of thousands.
 */
bool js_each(const struct js *object, size_t n, const char **key,
    const struct js **value);

/* Exact reads: false, and *out untouched, when the type is another. */
bool js_text(const struct js *v, const char **out);
bool js_i64(const struct js *v, int64_t *out);
bool js_bool(const struct js *v, bool *out);

/*
 * A scalar as text, for upstream answers that send "12" or 12: strings as
 * they are, numbers in their source digits, booleans as true and false;
 * NULL for null, arrays and objects. Lives in c->mem.
 */
const char *js_scalar(struct ctx *c, const struct js *v);

/* Append `s` as a JSON string with its quotes. */
void js_print_string(struct buf *b, const char *s);
/* Append any value as compact JSON. */
void js_print(struct buf *b, const struct js *v);

#endif
