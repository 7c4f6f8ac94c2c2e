/*
 * path - where in a JSON answer a value stands. A subset of JSONPath:
 *
 *	$  .key  .{service}  [0]  [-1]  [*]  [?nonempty(.code)]
 *
 * [*] and the filter go over arrays and over the values of objects, since
 * some upstreams number the members of an object instead.
 */
#ifndef PROVIDER_PATH_H
#define PROVIDER_PATH_H

#include <stddef.h>
#include <stdint.h>

#include "io/schema.h"
#include "provider/reader.h"
#include "provider/vars.h"

enum step_kind { STEP_KEY, STEP_VAR, STEP_INDEX, STEP_ALL, STEP_NONEMPTY };

struct step {
	enum step_kind kind;
	const char *key; /* KEY and NONEMPTY */
	int64_t index;   /* INDEX; negative from the end */
	enum var var;    /* VAR */
};

struct path {
	const struct step *steps;
	size_t n;
};

read_fn read_path; /* struct path, from JSON text */

/* The first value there that is not null; NULL when there is none. */
const struct js *path_first(
    const struct path *p, const struct values *values, const struct js *root);

/* All of them that are not null: a list of `const struct js *`. */
struct list path_all(struct arena *mem, const struct path *p,
    const struct values *values, const struct js *root);

#endif
