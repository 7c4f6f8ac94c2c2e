/*
 * template - text with {names} of variables (vars.def), compiled once.
 * Values are never trusted: where the text goes decides how they are
 * escaped, and a template that lacks a value is refused, not sent short.
 */
#ifndef PROVIDER_TEMPLATE_H
#define PROVIDER_TEMPLATE_H

#include <stdbool.h>

#include "provider/reader.h"
#include "provider/vars.h"

struct buf;

struct template_part {
	const char *literal; /* NULL: the variable */
	enum var var;
};

struct template
{
	const struct template_part *parts;
	size_t n;
};

read_fn read_template; /* struct template, from JSON text; may be "" */

/* False when a value is missing; then `missing_out` names the variable. */
bool template_has_values(const struct template *t, const struct values *values,
    enum var *missing_out);

/* As it is; missing values are "". */
const char *template_text(
    struct arena *mem, const struct template *t, const struct values *values);

/* Append with every value percent-encoded, so that it stays one segment. */
void template_path(
    struct buf *b, const struct template *t, const struct values *values);

/* Append `s` percent-encoded: all but the unreserved of RFC 3986 2.3. */
void percent_encode(struct buf *b, const char *s);

#endif
