/* migrate_store - what was applied to the schema, and applying a script. */
#ifndef STORE_MIGRATE_STORE_H
#define STORE_MIGRATE_STORE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct migrate_row {
	const char *kind; /* migration, functions, seed */
	const char *name;
	const char *sha256; /* hex, of its text */
	int64_t applied_at;
};

/* struct migrate_row of all; none when the schema is not there yet. */
enum err migrate_store_list(struct ctx *c, struct list *out) MUST_CHECK;

enum err migrate_store_sum(struct ctx *c, const char *text, const char **out)
    MUST_CHECK;

/*
 * Run `fn` in a transaction that no other migration shares. Waits for other
 * locks only shortly: a migration must not stand in the way of the traffic
 * that queues behind it.
 */
enum err migrate_store_alone(struct ctx *c,
    enum err (*fn)(struct ctx *c, void *arg), void *arg) MUST_CHECK;

/* Inside migrate_store_alone(): run a file and note it. */
enum err migrate_store_run(
    struct ctx *c, const struct migrate_row *row, const char *text) MUST_CHECK;

#endif
