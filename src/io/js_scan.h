/*
 * js_scan - the strictness that json-c lacks: one pass over the text by the
 * grammar of RFC 8259, before json-c sees it.
 */
#ifndef IO_JS_SCAN_H
#define IO_JS_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "io/js.h"

struct arena;

struct js_fault {
	const char *why;
	size_t at; /* byte offset */
};

/* False when js.h's rules refuse the text; duplicates alone do not. */
bool js_scan(struct arena *mem, const char *text, size_t len,
    struct js_duplicates *duplicates, struct js_fault *fault);

#endif
