/*
 * db_conn - one connection to PostgreSQL: libpq in its non-blocking form,
 * every wait with a deadline. For the db_*.c files only.
 *
 * A connection that was cut, or missed a deadline, is `lost`: whoever holds
 * it gives it back and the pool closes it.
 */
#ifndef IO_DB_CONN_H
#define IO_DB_CONN_H

#include <stdbool.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "io/db.h"

/* May what just failed be run again? */
enum db_again {
	DB_AGAIN_NO,
	DB_AGAIN_FRESH, /* nothing happened; wants another connection */
	DB_AGAIN_LATER  /* rolled back because of others; after a pause */
};

struct db {
	PGconn *pg;
	struct db_pool *pool;
	int64_t opened; /* monotonic us */
	int64_t used;   /* monotonic us, when given back */
	bool in_tx;
	bool lost;
	enum db_again again; /* of the last failure */
	bool prepared[Q__MAX + 1];
};

/* What is being run, for messages and for the verdict when it is cut. */
struct db_job {
	const char *name;
	bool changes;  /* a cut leaves its outcome unknown */
	int64_t until; /* monotonic us */
};

struct db_login {
	const char *conninfo;
	const char *role; /* NULL: the login's own */
	int64_t timeout;  /* us, of one statement */
};

/* Connect within `until`; ERR_UNAVAILABLE when that fails. */
enum err db_conn_open(struct ctx *c, const struct db_login *login,
    int64_t until, struct db **out) MUST_CHECK;
void db_conn_close(struct db **db);

/* False when the server has closed it, as far as one look can tell. */
bool db_conn_is_open(struct db *db);

/*
 * What the server answers to what was sent (`sent` is the value of the
 * PQsend… function): an error, or else the last result, which belongs to
 * c->mem.
 */
enum err db_conn_answer(struct ctx *c, struct db *db, const struct db_job *job,
    int sent, PGresult **out) MUST_CHECK;

/* Run plain text: BEGIN, COMMIT, a script. */
enum err db_conn_command(struct ctx *c, struct db *db, const struct db_job *job,
    const char *sql, PGresult **out) MUST_CHECK;

/* db_error: the connection is lost; gives UNCERTAIN or UNAVAILABLE. */
enum err db_error_lost(struct ctx *c, struct db *db, const struct db_job *job,
    const char *why) MUST_CHECK;
/* db_error: the server answered with an error. */
enum err db_error_result(struct ctx *c, struct db *db, const struct db_job *job,
    const PGresult *r) MUST_CHECK;

/* db_param: parameters in the form that libpq takes. */
#define DB_MAX_PARAMS 32
struct db_args {
	const char *values[DB_MAX_PARAMS];
	int lengths[DB_MAX_PARAMS];
	int formats[DB_MAX_PARAMS];
};
void db_args_set(
    struct ctx *c, struct db_args *a, const struct db_param *p, int n);

/* db_row: read all rows of a result into `out`, an array of row structs. */
enum err db_rows_read(struct ctx *c, const PGresult *r, const char *name,
    const struct schema *row, void *out) MUST_CHECK;

/* db_pool: the connection for one statement or one transaction. */
enum err db_pool_take(struct ctx *c, struct db_pool *pool, int64_t until,
    struct db **out) MUST_CHECK;
void db_pool_give(struct db **db_at);
/* Until when a statement that starts now may take. */
int64_t db_pool_until(const struct ctx *c, const struct db_pool *pool);
bool db_pool_prepares(const struct db_pool *pool);
/* Wait a moment before try `n` + 1; false when there is no time for it. */
bool db_pool_pause(const struct ctx *c, int64_t until, int n);

#endif
