/*
 * db - PostgreSQL, reached only through named statements of sql/queries.
 *
 *	TRY(db_one(c, wallet_by_user, &wallet_schema, &w, P_I64(user)));
 *
 * A wrong name or a wrong number of parameters does not compile. Inside
 * db_tx() the statements run on its connection (c->db); outside, each
 * borrows one from c->pg. Every wait has a deadline of its own (libpq's
 * blocking calls and statement_timeout do not help against a frozen
 * server); a connection that misses it is closed, never reused.
 *
 * SQLSTATE to err: 23505 CONFLICT; NL001 (raised by our functions, MESSAGE
 * the wire name of an err, DETAIL the private reason) that err; 40001, 40P01
 * and 55P03 are run again, at most three times in all, then UNAVAILABLE;
 * 57014 (statement_timeout) TIMEOUT; anything else INTERNAL. No connection
 * is UNAVAILABLE; a connection lost or a deadline missed while a statement
 * without "-- read" or a COMMIT was under way is UNCERTAIN.
 *
 * Columns are matched with the fields of a row schema by name. A REQUIRED
 * field must have its column and a value; an OPTIONAL one may be absent or
 * null. MONEY is bigint micros, TIME timestamptz, ENUM one of its words, ID
 * uuid, OBJECT and LIST json or jsonb; bytea is TEXT, see db_bytes().
 * Texts point into the result and live as long as c->mem.
 */
#ifndef IO_DB_H
#define IO_DB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/queries.h"
#include "io/schema.h"

struct db;
struct db_pool;

enum db_param_kind {
	DB_NULL,
	DB_TEXT,
	DB_I64,
	DB_BOOL,
	DB_TIME,
	DB_BYTES,
	DB_I64S,
	DB_TEXTS
};

struct db_param {
	enum db_param_kind kind;
	int64_t num;
	const void *at; /* text, bytes, int64_t[] or const char *[] */
	size_t n;       /* bytes or elements */
};
#define P_NULL    ((struct db_param){.kind = DB_NULL})
#define P_TEXT(s) ((struct db_param){.kind = DB_TEXT, .at = (s)})
#define P_I64(v)  ((struct db_param){.kind = DB_I64, .num = (v)})
#define P_BOOL(v) ((struct db_param){.kind = DB_BOOL, .num = (v)})
/* 0, which means no time, is NULL */
#define P_TIME(us) ((struct db_param){.kind = DB_TIME, .num = (us)})
#define P_BYTES(p, n_) \
	((struct db_param){.kind = DB_BYTES, .at = (p), .n = (n_)})
#define P_I64S(p, n_) ((struct db_param){.kind = DB_I64S, .at = (p), .n = (n_)})
#define P_TEXTS(p, n_) \
	((struct db_param){.kind = DB_TEXTS, .at = (p), .n = (n_)})

/* One member of an array of `n` structs as an array parameter. */
#define P_I64S_OF(c, all, n, member)                        \
	db_column((c), DB_I64S, (all), (n), sizeof(*(all)), \
	    offsetof(__typeof__(*(all)), member) +          \
		0 * sizeof((all)->member == INT64_C(0)))
#define P_TEXTS_OF(c, all, n, member)                        \
	db_column((c), DB_TEXTS, (all), (n), sizeof(*(all)), \
	    offsetof(__typeof__(*(all)), member) + 0 * sizeof(*(all)->member))
struct db_param db_column(struct ctx *c, enum db_param_kind kind,
    const void *all, size_t n, size_t size, size_t offset);

/*
 * A pool of at most `size` connections, opened when first needed: open it
 * after fork(). `conninfo` is what libpq takes, keywords or URI, several
 * hosts included; names are resolved by the blocking resolver, so prefer a
 * socket or hostaddr. The deadline of one statement, waiting for a free
 * connection included, is `timeout_ms` or c->deadline, whichever is first.
 * Thread-safe.
 *
 * A server that does not take connections is tried again after 50 ms,
 * doubled each time up to a second; meanwhile callers fail at once. Both
 * turns are logged, db.down and db.up. ERR_INTERNAL: bad conninfo.
 */
enum err db_pool_open(struct ctx *c, const char *conninfo, int size,
    int timeout_ms, struct db_pool **out) MUST_CHECK;
/* Close and set *pool_at to NULL; accepts NULL. None may be in use. */
void db_pool_close(struct db_pool **pool_at);

/*
 * Every connection acts as `role` from its first statement; one that may not
 * is refused by the server. It is also the application_name. Before use.
 */
void db_pool_role(struct db_pool *pool, const char *role);

/*
 * prove(c) has to succeed, c->db being the connection, before anybody's first
 * statement; until it has, every caller gets its error. Before use.
 */
typedef enum err db_prove_fn(struct ctx *c);
void db_pool_prove(struct db_pool *pool, db_prove_fn *prove);

/* Behind PgBouncer in transaction mode: no prepared statements. */
void db_pool_unprepared(struct db_pool *pool);

/*
 * Run `fn` between BEGIN and COMMIT; its error rolls back and is returned.
 * READ COMMITTED. What others caused (deadlock, lost connection before
 * COMMIT) runs it again. Must not be nested.
 *
 * The body: store calls only, no outside effects, may run up to 3 times. A
 * failed statement fails the transaction, also when the body forgives it.
 */
typedef enum err db_tx_fn(struct ctx *c, void *arg);
enum err db_tx(struct ctx *c, db_tx_fn *fn, void *arg) MUST_CHECK;

/*
 * Run `fn` with a connection of its own, opened like those of c->pg, whose
 * statements may take `timeout_ms`: for what reads very much. Not in db_tx().
 */
enum err db_patient(struct ctx *c, int timeout_ms, db_tx_fn *fn, void *arg)
    MUST_CHECK;

/* Several statements in one text, in c->db if bound; only for migrations. */
enum err db_run_script(struct ctx *c, const char *sql) MUST_CHECK;

/* The bytes of a bytea column that was read as TEXT. */
enum err db_bytes(struct ctx *c, const char *text, const unsigned char **out,
    size_t *n) MUST_CHECK;

/* The three forms behind the macros below. */
enum err db_run_one(struct ctx *c, enum query q, const struct schema *row,
    void *out, bool *found, const struct db_param *p) MUST_CHECK;
enum err db_run_many(struct ctx *c, enum query q, const struct schema *row,
    struct list *out, const struct db_param *p) MUST_CHECK;
enum err db_run_exec(struct ctx *c, enum query q, int64_t *affected,
    const struct db_param *p) MUST_CHECK;

/* The array's size is negative for a wrong number of parameters of `q`. */
#define DB_PARAMS_(q, ...)                                             \
	((void)sizeof(char[sizeof((struct db_param[]){__VA_ARGS__}) == \
		     sizeof(struct db_param) * Q_##q##_NPARAMS ?       \
		 1 :                                                   \
		 -1]),                                                 \
	    (const struct db_param[]){__VA_ARGS__})

/* Exactly one row into `out`; none is ERR_NOT_FOUND. */
#define db_one(c, q, row, out, ...) \
	db_run_one((c), Q_##q, (row), (out), NULL, DB_PARAMS_(q, __VA_ARGS__))
/* One row or none; `found` says which. */
#define db_maybe(c, q, row, out, found, ...) \
	db_run_one(                          \
	    (c), Q_##q, (row), (out), (found), DB_PARAMS_(q, __VA_ARGS__))
/* All rows: out->at is an array of row structs in c->mem. */
#define db_many(c, q, row, out, ...) \
	db_run_many((c), Q_##q, (row), (out), DB_PARAMS_(q, __VA_ARGS__))
/* No rows wanted; `affected` (may be NULL) counts the changed rows. */
#define db_exec(c, q, affected, ...) \
	db_run_exec((c), Q_##q, (affected), DB_PARAMS_(q, __VA_ARGS__))

#endif
