#include <string.h>

#include "base/text.h"
#include "io/db_conn.h"

/* How a SQLSTATE, or a class of them by its first letters, is read. */
struct state_row {
	const char *state;
	enum err err;
	enum db_again again;
	bool lost; /* the session ends or must not be used on */
};

/* PostgreSQL appendix A; the longer prefix first. */
static const struct state_row states[] = {
    {"0A000", ERR_UNAVAILABLE, DB_AGAIN_FRESH, true},  /* plan is outdated */
    {"08", ERR_UNAVAILABLE, DB_AGAIN_NO, true},        /* connection */
    {"23505", ERR_CONFLICT, DB_AGAIN_NO, false},       /* unique */
    {"25006", ERR_UNAVAILABLE, DB_AGAIN_FRESH, true},  /* became a standby */
    {"26000", ERR_UNAVAILABLE, DB_AGAIN_FRESH, true},  /* statement is gone */
    {"40001", ERR_UNAVAILABLE, DB_AGAIN_LATER, false}, /* serialization */
    {"40P01", ERR_UNAVAILABLE, DB_AGAIN_LATER, false}, /* deadlock */
    {"55P03", ERR_UNAVAILABLE, DB_AGAIN_LATER, false}, /* lock_timeout */
    {"57014", ERR_TIMEOUT, DB_AGAIN_NO, false},        /* statement_timeout */
    {"57P", ERR_UNAVAILABLE, DB_AGAIN_NO, true},       /* server shuts down */
    {"53", ERR_UNAVAILABLE, DB_AGAIN_NO, false},       /* resources */
    {"25P03", ERR_UNAVAILABLE, DB_AGAIN_NO, true},     /* idle in transaction */
};

static const struct state_row *
find_state(const char *state)
{
	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		if (text_starts(state, states[i].state))
			return &states[i];
	return NULL;
}

/* The error that our SQL functions raise by its wire name. */
static enum err
find_err(const char *name)
{
	for (int e = OK + 1; e < ERR__MAX; e++)
		if (text_eq(err_row((enum err)e)->name, name))
			return (enum err)e;
	return ERR_INTERNAL;
}

static const char *
part(const PGresult *r, int code)
{
	const char *s = PQresultErrorField(r, code);

	return s != NULL ? s : "";
}

/* A transaction that was cut before COMMIT is rolled back for certain. */
static bool
may_have_happened(const struct db *db, const struct db_job *job)
{
	return job->changes && !db->in_tx;
}

enum err
db_error_lost(
    struct ctx *c, struct db *db, const struct db_job *job, const char *why)
{
	bool unknown = may_have_happened(db, job);

	db->lost = true;
	/* At a deadline there is no time for another try. */
	db->again = unknown || why == NULL ? DB_AGAIN_NO : DB_AGAIN_FRESH;
	return fail(c, unknown ? ERR_UNCERTAIN : ERR_UNAVAILABLE, "%s: %s",
	    job->name, why != NULL ? why : "no answer in time");
}

enum err
db_error_result(
    struct ctx *c, struct db *db, const struct db_job *job, const PGresult *r)
{
	const char *state = part(r, PG_DIAG_SQLSTATE);
	const char *text = part(r, PG_DIAG_MESSAGE_PRIMARY);
	const struct state_row *row = find_state(state);

	db->again = DB_AGAIN_NO;
	if (text_starts(state, "NL"))
		return fail(c, find_err(text), "%s: %s %s", job->name, text,
		    part(r, PG_DIAG_MESSAGE_DETAIL));
	if (row == NULL)
		return fail(
		    c, ERR_INTERNAL, "%s: [%s] %s", job->name, state, text);
	/* The session was ended: before or after it was done, who knows. */
	if (row->lost && row->again == DB_AGAIN_NO)
		return db_error_lost(c, db, job, text);
	db->lost = db->lost || row->lost;
	db->again = row->again;
	return fail(c, row->err, "%s: [%s] %s %s", job->name, state, text,
	    part(r, PG_DIAG_CONSTRAINT_NAME));
}
