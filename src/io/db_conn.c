#include "io/db_conn.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"

/*
 * A session that stops inside a transaction (a frozen process) is ended, so
 * that the rows it locked are free again.
 */
#define IDLE_IN_TX_MS 10000

#define OPTIONS_SIZE  512

/* Wait until the socket is ready; false at the deadline or on failure. */
static bool
wait_socket(PGconn *pg, bool reading, bool writing, int64_t until)
{
	struct pollfd p = {.fd = PQsocket(pg)};

	p.events = (short)((reading ? POLLIN : 0) | (writing ? POLLOUT : 0));
	if (p.fd < 0)
		return false;
	for (;;) {
		int64_t left = until - clock_mono();
		int ready;

		if (left <= 0)
			return false;
		/* Rounded up, so that it never spins on a fraction. */
		ready = poll(&p, 1, (int)((left + 999) / 1000));
		if (ready > 0)
			return true;
		if (ready < 0 && errno != EINTR)
			return false;
	}
}

static void
drop_notice(void *arg, const PGresult *r)
{
	(void)arg;
	log_ev(NULL, LEVEL_DEBUG, "db.notice",
	    L_STR("text", PQresultErrorField(r, PG_DIAG_MESSAGE_PRIMARY)));
}

/*
 * The server gives up a little before we do: its timeout leaves the
 * outcome certain and the connection usable, ours does not. A deadlock is
 * looked for after 1 s (deadlock_timeout), which should come first.
 */
static void
print_options(char out[OPTIONS_SIZE], const struct db_login *login)
{
	int64_t ms = login->timeout / CLOCK_MS;

	(void)snprintf(out, OPTIONS_SIZE,
	    "-c search_path=numlease,pg_catalog"
	    " -c statement_timeout=%" PRId64 " -c lock_timeout=%" PRId64
	    " -c idle_in_transaction_session_timeout=%d"
	    " -c TimeZone=UTC -c DateStyle=ISO%s%s",
	    ms - ms / 10, ms - ms / 4, IDLE_IN_TX_MS,
	    login->role != NULL ? " -c role=" : "",
	    login->role != NULL ? login->role : "");
}

static PGconn *
start(const struct db_login *login)
{
	char options[OPTIONS_SIZE];
	char user_timeout[24];
	/*
	 * What stands before dbname may be overridden by the conninfo. The
	 * TCP timeout lets libpq go on to the next host of a list.
	 */
	const char *const names[] = {"application_name", "tcp_user_timeout",
	    "keepalives_idle", "target_session_attrs", "dbname",
	    "client_encoding", "options", NULL};
	const char *const values[] = {
	    login->role != NULL ? login->role : "numlease", user_timeout, "30",
	    "read-write", login->conninfo, "UTF8", options, NULL};

	(void)snprintf(user_timeout, sizeof(user_timeout), "%" PRId64,
	    login->timeout / CLOCK_MS / 2);
	print_options(options, login);
	return PQconnectStartParams(names, values, 1);
}

static const char *
connect_within(PGconn *pg, int64_t until)
{
	PostgresPollingStatusType state = PGRES_POLLING_WRITING;

	if (PQstatus(pg) == CONNECTION_BAD)
		return PQerrorMessage(pg);
	while (state != PGRES_POLLING_OK) {
		if (!wait_socket(pg, state == PGRES_POLLING_READING,
			state == PGRES_POLLING_WRITING, until))
			return "no answer in time";
		state = PQconnectPoll(pg);
		if (state == PGRES_POLLING_FAILED)
			return PQerrorMessage(pg);
	}
	if (PQsetnonblocking(pg, 1) != 0)
		return PQerrorMessage(pg);
	return NULL;
}

enum err
db_conn_open(
    struct ctx *c, const struct db_login *login, int64_t until, struct db **out)
{
	struct db *db = calloc(1, sizeof(*db));
	const char *why;

	law(db != NULL);
	db->pg = start(login);
	law(db->pg != NULL); /* only without memory */
	why = connect_within(db->pg, until);
	if (why != NULL) {
		enum err e = fail(c, ERR_UNAVAILABLE, "connect: %s", why);

		db_conn_close(&db);
		return e;
	}
	(void)PQsetNoticeReceiver(db->pg, drop_notice, NULL);
	db->opened = db->used = clock_mono();
	*out = db;
	return OK;
}

void
db_conn_close(struct db **db)
{
	if (*db == NULL)
		return;
	PQfinish((*db)->pg);
	free(*db);
	*db = NULL;
}

bool
db_conn_is_open(struct db *db)
{
	struct pollfd p = {.fd = PQsocket(db->pg), .events = POLLIN};

	/* An idle server says nothing, or something and then closes. */
	for (int look = 0; look < 8; look++) {
		if (PQstatus(db->pg) != CONNECTION_OK)
			return false;
		if (poll(&p, 1, 0) <= 0)
			return true;
		if (PQconsumeInput(db->pg) == 0)
			return false;
		(void)PQisBusy(db->pg); /* parses what came */
	}
	return false;
}

/* Push out what is queued; the server may need us to read meanwhile. */
static bool
flush(PGconn *pg, int64_t until)
{
	int left;

	while ((left = PQflush(pg)) > 0) {
		if (!wait_socket(pg, true, true, until))
			return false;
		if (PQconsumeInput(pg) == 0)
			return false;
	}
	return left == 0;
}

static bool
wait_result(PGconn *pg, int64_t until)
{
	while (PQisBusy(pg) != 0) {
		if (!wait_socket(pg, true, false, until))
			return false;
		if (PQconsumeInput(pg) == 0)
			return false;
	}
	return true;
}

static bool
is_error(const PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);

	return s != PGRES_TUPLES_OK && s != PGRES_COMMAND_OK &&
	    s != PGRES_EMPTY_QUERY;
}

/* COPY would never end: no statement of ours uses it. */
static bool
is_copy(const PGresult *r)
{
	ExecStatusType s = PQresultStatus(r);

	return s == PGRES_COPY_IN || s == PGRES_COPY_OUT ||
	    s == PGRES_COPY_BOTH;
}

/* Read to the end, keep the last; false when the end does not come. */
static bool
collect(PGconn *pg, int64_t until, PGresult **kept)
{
	PGresult *r;

	for (;;) {
		if (!wait_result(pg, until))
			return false;
		r = PQgetResult(pg);
		if (r == NULL)
			return true;
		PQclear(*kept); /* an error is always the last one */
		*kept = r;
		if (is_copy(r))
			return false;
	}
}

static void
release_result(void *r)
{
	PQclear(r);
}

enum err
db_conn_answer(struct ctx *c, struct db *db, const struct db_job *job, int sent,
    PGresult **out)
{
	int64_t began = clock_mono();
	PGresult *r = NULL;
	bool whole = sent == 1 && flush(db->pg, job->until) &&
	    collect(db->pg, job->until, &r);

	c->db_us += clock_mono() - began;
	if (r != NULL)
		arena_defer(c->mem, release_result, r);
	if (!whole || r == NULL)
		return db_error_lost(c, db, job,
		    clock_mono() >= job->until ? NULL : PQerrorMessage(db->pg));
	if (is_error(r))
		return db_error_result(c, db, job, r);
	*out = r;
	return OK;
}

enum err
db_conn_command(struct ctx *c, struct db *db, const struct db_job *job,
    const char *sql, PGresult **out)
{
	return db_conn_answer(c, db, job, PQsendQuery(db->pg, sql), out);
}
