/*
 * migrate - bring the database to the form that these programs want.
 *
 * Laws: a migration runs once, in order, in a transaction of its own; one
 * that was applied and has changed since, or is newer than these programs
 * know, is refused before anything is touched; functions run again, all of
 * them together, when the text of any has changed; so does each seed file.
 * Two at once are safe: every step takes the same lock and then looks again.
 */
#ifndef SERVICE_MIGRATE_H
#define SERVICE_MIGRATE_H

#include "base/ctx.h"
#include "io/schema.h"

enum migrate_state {
	MIGRATE_WAITING, /* never applied */
	MIGRATE_APPLIED,
	MIGRATE_CHANGED, /* differs from what was applied */
	MIGRATE_UNKNOWN  /* applied, and there is no such file here */
};
extern const char *const migrate_state_names[];

struct migrate_file {
	const char *kind; /* migration, functions, seed */
	const char *name; /* 0001_roles.sql */
	const char *text;
	const char *sha256;
	enum migrate_state state;
};

/*
 * Compare `folder` (which holds migrations/, functions/ and seed/) with the
 * database: struct migrate_file in the order in which they are applied.
 */
enum err migrate_list(struct ctx *c, const char *folder, struct list *out)
    MUST_CHECK;

/*
 * Apply what waits. ERR_CONFLICT when a migration has changed or is unknown;
 * then nothing was done. `out` is the list of what was applied.
 */
enum err migrate_up(struct ctx *c, const char *folder, struct list *out)
    MUST_CHECK;

#endif
