/*
 * view - one answer, or one item of a list in it, as conditions and
 * extractors see it: status, headers, text, JSON and the error word.
 *
 * Law: what is cut off, holds a NUL or is not UTF-8 has no text; what is
 * not strict JSON to its last byte has no JSON. So no rule can be satisfied
 * by a damaged answer.
 */
#ifndef PROVIDER_VIEW_H
#define PROVIDER_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "provider/vars.h"

struct descriptor;
struct js;

/* What came back. Names of headers are in any case. */
struct answer {
	int status;
	const struct pair *headers;
	size_t header_count;
	const char *body; /* need not end with NUL */
	size_t body_len;
	bool cut; /* longer than the call's max_body: the rest is missing */
};

struct view {
	struct ctx *c;
	const struct descriptor *d;
	const struct values *values;
	const struct answer *answer;
	const char *text;      /* trimmed; NULL when it is not text */
	const struct js *root; /* NULL when it is not JSON */
	const char *word;      /* the upstream's error word; NULL none */
};

void view_open(struct ctx *c, const struct descriptor *d,
    const struct values *values, const struct answer *a, struct view *out);

/* The same answer with one value of it as the root. */
void view_item(
    const struct view *whole, const struct js *item, struct view *out);

/* The first header of that name; NULL when there is none. */
const char *view_header(const struct view *w, const char *name);

#endif
