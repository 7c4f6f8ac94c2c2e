/* db_fixture - the table, the rows and the session that db tests share. */
#ifndef T_DB_FIXTURE_H
#define T_DB_FIXTURE_H

#include <stdint.h>
#include <sys/types.h>

#include "io/db.h"

struct item {
	int64_t id;
	const char *name;
};
extern const struct schema item_schema;

struct settings {
	const char *search_path;
	const char *statement_timeout;
	const char *lock_timeout;
	const char *zone;
	const char *application;
	int64_t pid;
};
extern const struct schema settings_schema;

/* An empty database with the table public.item; arena and pool are set. */
struct ctx fixture_open(void);
/* The same with deadlines of 20 s, where a loaded machine must not matter. */
struct ctx fixture_open_patient(void);
void fixture_close(struct ctx *c);

/* A context of its own on the same pool, for another thread. */
struct ctx fixture_twin(const struct ctx *c);

/* The backend of the connection that is used next (or is bound). */
pid_t fixture_backend(struct ctx *c);

/* The sum of item.n and the number of items, read by other means. */
int64_t fixture_bumps(struct ctx *c);

#endif
