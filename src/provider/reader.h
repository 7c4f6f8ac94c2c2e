/*
 * reader - JSON of a descriptor into structs by tables of members. Strict:
 * an unknown member, a missing one or a wrong type is refused with its JSON
 * path and the rule it breaks, in c->err_why and as the one row of c->faults
 * (ERR_BAD_INPUT). What was read lives in c->mem with the JSON tree.
 */
#ifndef PROVIDER_READER_H
#define PROVIDER_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/js.h"
#include "io/schema.h"

struct crumb {
	const struct crumb *up;
	const char *key; /* NULL: element `index` of an array */
	size_t index;
};

struct reader {
	struct ctx *c;
	const char *file; /* named in messages */
	const struct crumb *at;
};

/* Reads `v` into the struct or field at `at`; `arg` comes from the table. */
typedef enum err read_fn(
    struct reader *r, const struct js *v, const void *arg, void *at);

struct member {
	const char *name;
	read_fn *read;
	size_t offset; /* of what `read` fills */
	bool required;
	const void *arg;
};

/* Refuse what stands at the reader's place. */
enum err reader_refuse(struct reader *r, const char *rule, ...)
    __attribute__((format(printf, 2, 3))) MUST_CHECK;

/* The reader's place as text, "ops.buy.rules[1].if". */
const char *reader_place(const struct reader *r);

/* Read an object whose members are exactly those of the table. */
enum err reader_object(struct reader *r, const struct js *v,
    const struct member *members, size_t count, void *at) MUST_CHECK;
#define READ_OBJECT(r, v, table, at) \
	reader_object((r), (v), (table), sizeof(table) / sizeof((table)[0]), at)

/* Read one member below the reader's place. */
enum err reader_member(struct reader *r, const char *key, const struct js *v,
    const struct member *how, void *at) MUST_CHECK;

/* Rows for tables of members. */
read_fn read_note; /* a comment: any text, not kept */
read_fn read_text; /* const char *, not empty, without control characters */
read_fn read_bool; /* bool */

struct range {
	int64_t lo, hi;
};
read_fn read_int; /* int64_t; arg: const struct range * */

read_fn read_choice;  /* int; arg: array of names ending with NULL */
read_fn read_scalars; /* struct list of const char *: one scalar or many */

struct list_of {
	size_t size; /* of one element */
	read_fn *read;
	const void *arg;
	size_t max;
};
read_fn read_list; /* struct list; arg: const struct list_of * */

/*
 * An object as a list of structs that begin with `const char *name`, in the
 * object's order; `read` fills the rest. struct list; arg: struct list_of.
 */
read_fn read_named;

#endif
