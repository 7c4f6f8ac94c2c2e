/*
 * schema_value - one value of outside text or JSON into one member. Each
 * function gives the code of the fault, or NULL when the member is set.
 */
#ifndef IO_SCHEMA_VALUE_H
#define IO_SCHEMA_VALUE_H

#include "io/schema.h"

struct js;

/* Any type but OBJECT and LIST, from JSON. */
const char *schema_value_js(struct ctx *c, const struct field *f,
    const struct js *v, void *member) MUST_CHECK;

/* Any type but OBJECT and LIST, from the text of a path or query. */
const char *schema_value_text(struct ctx *c, const struct field *f,
    const char *text, void *member) MUST_CHECK;

/* JSON that our own database made: no bounds, money as micros. */
const char *schema_value_own(struct ctx *c, const struct field *f,
    const struct js *v, void *member) MUST_CHECK;

/*
 * A column in PostgreSQL's text form: money as bigint micros, time as
 * timestamptz, an enum by its word. `text` must outlive the member.
 */
const char *schema_value_column(
    const struct field *f, const char *text, void *member) MUST_CHECK;

/* Set the member of an absent field to its default. */
void schema_value_default(const struct field *f, void *member);

/* True when `n` is within the bounds of the field. */
bool schema_in_bounds(const struct field *f, int64_t n);

#endif
