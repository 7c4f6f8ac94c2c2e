#include "io/db.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/text.h"
#include "io/db_conn.h"

#define MAX_TRIES 3

static enum err
prepare(struct ctx *c, struct db *db, enum query q, int64_t until)
{
	const struct query_text *t = &query_texts[q];
	struct db_job job = {t->name, false, until};
	PGresult *r = NULL;

	if (db->prepared[q])
		return OK;
	TRY(db_conn_answer(
	    c, db, &job, PQsendPrepare(db->pg, t->name, t->text, 0, NULL), &r));
	db->prepared[q] = true;
	return OK;
}

/* Send the statement; the value of the PQsend… function. */
static int
send_query(struct db *db, const struct query_text *t, const struct db_args *a)
{
	if (db_pool_prepares(db->pool))
		return PQsendQueryPrepared(db->pg, t->name, t->nparams,
		    a->values, a->lengths, a->formats, 0);
	return PQsendQueryParams(db->pg, t->text, t->nparams, NULL, a->values,
	    a->lengths, a->formats, 0);
}

static enum err
run_on(struct ctx *c, struct db *db, enum query q, const struct db_args *a,
    int64_t until, PGresult **out)
{
	const struct query_text *t = &query_texts[q];
	struct db_job job = {t->name, !t->is_read, until};

	if (clock_mono() >= until)
		return fail(c, ERR_TIMEOUT, "%s: no time left", t->name);
	if (db_pool_prepares(db->pool))
		TRY(prepare(c, db, q, until));
	return db_conn_answer(c, db, &job, send_query(db, t, a), out);
}

/* Outside of a transaction: borrow, run, give back, perhaps again. */
static enum err
run_borrowed(
    struct ctx *c, enum query q, const struct db_args *a, PGresult **out)
{
	int64_t until = db_pool_until(c, c->pg);
	enum db_again again = DB_AGAIN_NO;
	struct db *db = NULL;
	enum err e;

	for (int n = 0;; n++) {
		TRY(db_pool_take(c, c->pg, until, &db));
		e = run_on(c, db, q, a, until, out);
		again = db->again;
		db_pool_give(&db);
		if (e == OK || again == DB_AGAIN_NO || n + 1 == MAX_TRIES)
			return e;
		if (again == DB_AGAIN_LATER && !db_pool_pause(c, until, n))
			return e;
		ctx_forgive(c);
	}
}

static enum err
run(struct ctx *c, enum query q, const struct db_param *p, PGresult **out)
{
	struct db_args a = {0};

	law(q < Q__MAX);
	db_args_set(c, &a, p, query_texts[q].nparams);
	if (c->db == NULL)
		return run_borrowed(c, q, &a, out);
	return run_on(c, c->db, q, &a, db_pool_until(c, c->db->pool), out);
}

enum err
db_run_one(struct ctx *c, enum query q, const struct schema *row, void *out,
    bool *found, const struct db_param *p)
{
	const char *name = query_texts[q].name;
	PGresult *r = NULL;

	TRY(run(c, q, p, &r));
	if (found != NULL)
		*found = PQntuples(r) > 0;
	if (PQntuples(r) > 1)
		return fail(c, ERR_INTERNAL, "%s: %d rows, one is wanted", name,
		    PQntuples(r));
	memset(out, 0, row->size);
	if (PQntuples(r) == 0)
		return found != NULL ?
		    OK :
		    fail(c, ERR_NOT_FOUND, "%s: no row", name);
	return db_rows_read(c, r, name, row, out);
}

enum err
db_run_many(struct ctx *c, enum query q, const struct schema *row,
    struct list *out, const struct db_param *p)
{
	PGresult *r = NULL;
	struct list rows = {0};

	TRY(run(c, q, p, &r));
	rows.n = (size_t)PQntuples(r);
	rows.at = arena_alloc(c->mem, rows.n, row->size);
	TRY(db_rows_read(c, r, query_texts[q].name, row, rows.at));
	*out = rows;
	return OK;
}

static int64_t
changed_rows(PGresult *r)
{
	const char *text = PQcmdTuples(r);

	return strtoll(text, NULL, 10); /* "" reads as 0 */
}

enum err
db_run_exec(
    struct ctx *c, enum query q, int64_t *affected, const struct db_param *p)
{
	PGresult *r = NULL;

	TRY(run(c, q, p, &r));
	if (affected != NULL)
		*affected = changed_rows(r);
	return OK;
}

enum err
db_run_script(struct ctx *c, const char *sql)
{
	struct db_job job = {"script", true, 0};
	PGresult *r = NULL;
	struct db *db = c->db;
	enum err e;

	if (db != NULL) {
		job.until = db_pool_until(c, db->pool);
		return db_conn_command(c, db, &job, sql, &r);
	}
	job.until = db_pool_until(c, c->pg);
	TRY(db_pool_take(c, c->pg, job.until, &db));
	e = db_conn_command(c, db, &job, sql, &r);
	db_pool_give(&db);
	return e;
}

static enum err
commit(struct ctx *c, struct db *db)
{
	struct db_job job = {"COMMIT", true, db_pool_until(c, db->pool)};
	PGresult *r = NULL;

	db->in_tx = false; /* from here on a cut leaves the outcome open */
	TRY(db_conn_command(c, db, &job, "COMMIT", &r));
	/* So the server answers when a statement had failed before. */
	if (text_eq(PQcmdStatus(r), "ROLLBACK"))
		return fail(c, ERR_INTERNAL, "COMMIT after a failed statement");
	return OK;
}

/* The first failure stays the one that is reported. */
static void
rollback(struct ctx *c, struct db *db)
{
	struct db_job job = {"ROLLBACK", false, db_pool_until(c, db->pool)};
	enum db_again again = db->again;
	enum err e = c->err;
	const char *why = c->err_why;
	PGresult *r = NULL;

	if (db->lost)
		return;
	if (db_conn_command(c, db, &job, "ROLLBACK", &r) != OK)
		db->lost = true; /* closing it rolls back as well */
	db->again = again;
	c->err = e;
	c->err_why = why;
}

static enum err
run_body(struct ctx *c, struct db *db, db_tx_fn *fn, void *arg)
{
	struct db_job job = {"BEGIN", false, db_pool_until(c, db->pool)};
	PGresult *r = NULL;
	enum err e;

	db->in_tx = true;
	TRY(db_conn_command(
	    c, db, &job, "BEGIN ISOLATION LEVEL READ COMMITTED", &r));
	c->db = db;
	e = fn(c, arg);
	c->db = NULL;
	if (e == OK)
		return commit(c, db);
	rollback(c, db);
	return e;
}

enum err
db_tx(struct ctx *c, db_tx_fn *fn, void *arg)
{
	int64_t until = db_pool_until(c, c->pg);
	enum db_again again = DB_AGAIN_NO;
	struct db *db = NULL;
	enum err e;

	law(c->db == NULL);
	for (int n = 0;; n++) {
		TRY(db_pool_take(c, c->pg, until, &db));
		e = run_body(c, db, fn, arg);
		again = db->again;
		db_pool_give(&db);
		if (e == OK || again == DB_AGAIN_NO || n + 1 == MAX_TRIES)
			return e;
		if (again == DB_AGAIN_LATER && !db_pool_pause(c, until, n))
			return e;
		ctx_forgive(c);
	}
}
