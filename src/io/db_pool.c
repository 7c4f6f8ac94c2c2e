#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "io/db_conn.h"

#define BACKOFF_FIRST (50 * CLOCK_MS)
#define BACKOFF_MAX   CLOCK_SECOND
/* Idle for longer, a firewall may have forgotten it: open another. */
#define IDLE_MAX (300 * CLOCK_SECOND)
/* Backends grow with the catalogue they have seen; renew them at times. */
#define LIFE_MAX (3600 * CLOCK_SECOND)

struct db_pool {
	pthread_mutex_t lock;
	pthread_cond_t changed;
	char *conninfo;
	char *role;      /* NULL: the login's own */
	int64_t timeout; /* us */
	int size;
	atomic_bool prepares;
	db_prove_fn *prove; /* NULL: nothing to prove */
	atomic_bool proven;
	struct db **idle; /* the last given back is taken first */
	int idle_count;
	int open;       /* idle, taken and connecting ones */
	int connecting; /* of them */
	int failures;   /* to connect, in a row */
	int64_t retry_at;
};

/* Waiting is by the clock of our deadlines. */
static void
init_locks(struct db_pool *pool)
{
	pthread_condattr_t monotonic;

	law(pthread_mutex_init(&pool->lock, NULL) == 0);
	law(pthread_condattr_init(&monotonic) == 0);
	law(pthread_condattr_setclock(&monotonic, CLOCK_MONOTONIC) == 0);
	law(pthread_cond_init(&pool->changed, &monotonic) == 0);
	(void)pthread_condattr_destroy(&monotonic);
}

enum err
db_pool_open(struct ctx *c, const char *conninfo, int size, int timeout_ms,
    struct db_pool **out)
{
	PQconninfoOption *options = PQconninfoParse(conninfo, NULL);
	struct db_pool *pool;

	if (options == NULL)
		return fail(c, ERR_INTERNAL, "bad PostgreSQL conninfo");
	PQconninfoFree(options);
	law(size > 0 && timeout_ms > 0);
	pool = calloc(1, sizeof(*pool));
	law(pool != NULL);
	pool->conninfo = strdup(conninfo);
	pool->idle = calloc((size_t)size, sizeof(struct db *));
	law(pool->conninfo != NULL && pool->idle != NULL);
	pool->size = size;
	pool->timeout = timeout_ms * CLOCK_MS;
	pool->prepares = true;
	init_locks(pool);
	*out = pool;
	return OK;
}

void
db_pool_close(struct db_pool **pool_at)
{
	struct db_pool *pool = *pool_at;

	*pool_at = NULL;
	if (pool == NULL)
		return;
	law(pool->open == pool->idle_count); /* none is taken */
	for (int i = 0; i < pool->idle_count; i++)
		db_conn_close(&pool->idle[i]);
	(void)pthread_cond_destroy(&pool->changed);
	(void)pthread_mutex_destroy(&pool->lock);
	free(pool->idle);
	free(pool->conninfo);
	free(pool->role);
	free(pool);
}

void
db_pool_role(struct db_pool *pool, const char *role)
{
	law(pool->open == 0 && pool->role == NULL);
	pool->role = strdup(role);
	law(pool->role != NULL);
}

void
db_pool_prove(struct db_pool *pool, db_prove_fn *prove)
{
	law(pool->open == 0 && pool->prove == NULL);
	pool->prove = prove;
}

enum err
db_patient(struct ctx *c, int timeout_ms, db_tx_fn *fn, void *arg)
{
	struct db_pool *usual = c->pg;
	enum err e;

	law(c->db == NULL);
	TRY(db_pool_open(c, usual->conninfo, 1, timeout_ms, &c->pg));
	c->pg->prepares = usual->prepares;
	c->pg->prove = usual->prove;
	c->pg->proven = usual->proven;
	if (usual->role != NULL)
		db_pool_role(c->pg, usual->role);
	e = fn(c, arg);
	db_pool_close(&c->pg);
	c->pg = usual;
	return e;
}

void
db_pool_unprepared(struct db_pool *pool)
{
	pool->prepares = false;
}

bool
db_pool_prepares(const struct db_pool *pool)
{
	return pool->prepares;
}

int64_t
db_pool_until(const struct ctx *c, const struct db_pool *pool)
{
	int64_t until = clock_mono() + pool->timeout;

	return c->deadline != 0 && c->deadline < until ? c->deadline : until;
}

bool
db_pool_pause(const struct ctx *c, int64_t until, int n)
{
	/* 2 to 12 ms, then to 22: whoever we met goes first. */
	int64_t us = 2000 + arc4random_uniform(10000U << n);
	struct timespec ts = {.tv_nsec = us * 1000};

	if (clock_mono() + us >= until ||
	    (c->deadline != 0 && clock_mono() + us >= c->deadline))
		return false;
	(void)nanosleep(&ts, NULL); /* woken early, it tries early */
	return true;
}

/* From here to reserve(): called with the lock held. */

static bool
may_connect(const struct db_pool *pool, int64_t now)
{
	if (pool->open == pool->size)
		return false;
	/* After a failure one of us tries, when its time has come. */
	return pool->failures == 0 ||
	    (pool->connecting == 0 && now >= pool->retry_at);
}

static bool
is_down(const struct db_pool *pool)
{
	return pool->failures > 0 && pool->open == pool->connecting;
}

static void
note_connected(struct ctx *c, struct db_pool *pool)
{
	if (pool->failures > 0)
		log_ev(
		    c, LEVEL_INFO, "db.up", L_I64("failures", pool->failures));
	pool->failures = 0;
}

static void
note_failure(struct ctx *c, struct db_pool *pool)
{
	int64_t wait = BACKOFF_MAX;

	if (pool->failures == 0)
		log_ev(c, LEVEL_WARN, "db.down", L_STR("why", c->err_why));
	if (pool->failures < 5)
		wait = BACKOFF_FIRST << pool->failures;
	pool->failures++;
	pool->retry_at = clock_mono() + wait / 2 +
	    arc4random_uniform((uint32_t)wait / 2 + 1);
}

static struct timespec
as_timespec(int64_t us)
{
	return (struct timespec){
	    .tv_sec = us / CLOCK_SECOND, .tv_nsec = us % CLOCK_SECOND * 1000};
}

/* False when `until` has come. */
static bool
wait_change(struct db_pool *pool, int64_t until)
{
	int64_t now = clock_mono();
	int64_t at = until;
	struct timespec ts;

	if (pool->failures > 0 && pool->open < pool->size &&
	    pool->retry_at > now && pool->retry_at < at)
		at = pool->retry_at;
	ts = as_timespec(at);
	/* Timed out or woken, the caller looks at the pool again. */
	(void)pthread_cond_timedwait(&pool->changed, &pool->lock, &ts);
	return clock_mono() < until;
}

/*
 * Give an idle connection, or NULL with a place reserved for a new one.
 */
static enum err
reserve(struct ctx *c, struct db_pool *pool, int64_t until, struct db **out)
{
	for (;;) {
		if (pool->idle_count > 0) {
			*out = pool->idle[--pool->idle_count];
			return OK;
		}
		if (may_connect(pool, clock_mono())) {
			pool->open++;
			pool->connecting++;
			*out = NULL;
			return OK;
		}
		if (is_down(pool))
			return fail(c, ERR_UNAVAILABLE,
			    "no PostgreSQL, %d failures", pool->failures);
		if (!wait_change(pool, until))
			return fail(c, ERR_UNAVAILABLE,
			    "no free PostgreSQL connection of %d", pool->size);
	}
}

static bool
is_worn(struct db *db)
{
	int64_t now = clock_mono();

	return now - db->used > IDLE_MAX || now - db->opened > LIFE_MAX;
}

static void
drop(struct db_pool *pool, struct db **db)
{
	db_conn_close(db);
	(void)pthread_mutex_lock(&pool->lock);
	pool->open--;
	(void)pthread_cond_signal(&pool->changed);
	(void)pthread_mutex_unlock(&pool->lock);
}

/* On a new connection: all come by here until it has been proven on one. */
static enum err
prove(struct ctx *c, struct db_pool *pool, struct db **db)
{
	enum err e;

	if (pool->prove == NULL || pool->proven)
		return OK;
	law(c->db == NULL);
	c->db = *db;
	e = pool->prove(c);
	c->db = NULL;
	if (e == OK)
		pool->proven = true;
	else
		drop(pool, db);
	return e;
}

static enum err
connect_new(struct ctx *c, struct db_pool *pool, int64_t until, struct db **out)
{
	const struct db_login login = {
	    pool->conninfo, pool->role, pool->timeout};
	enum err e = db_conn_open(c, &login, until, out);
	/* A caller in a hurry says nothing about the server. */
	bool hurried = c->deadline != 0 && clock_mono() >= c->deadline;

	(void)pthread_mutex_lock(&pool->lock);
	pool->connecting--;
	if (e != OK)
		pool->open--;
	if (e == OK)
		note_connected(c, pool);
	else if (!hurried)
		note_failure(c, pool);
	(void)pthread_cond_broadcast(&pool->changed);
	(void)pthread_mutex_unlock(&pool->lock);
	if (e != OK)
		return e;
	(*out)->pool = pool;
	return prove(c, pool, out);
}

static enum err
take(struct ctx *c, struct db_pool *pool, int64_t until, struct db **out)
{
	struct db *db = NULL;
	enum err e;

	*out = NULL;
	if (clock_mono() >= until)
		return fail(c, ERR_TIMEOUT, "no time left for PostgreSQL");
	for (;;) {
		(void)pthread_mutex_lock(&pool->lock);
		e = reserve(c, pool, until, &db);
		(void)pthread_mutex_unlock(&pool->lock);
		if (e != OK)
			return e;
		if (db == NULL)
			return connect_new(c, pool, until, out);
		if (!is_worn(db) && db_conn_is_open(db))
			break;
		drop(pool, &db);
	}
	*out = db;
	return OK;
}

enum err
db_pool_take(
    struct ctx *c, struct db_pool *pool, int64_t until, struct db **out)
{
	int64_t began = clock_mono();
	enum err e = take(c, pool, until, out);

	c->db_us += clock_mono() - began;
	if (*out != NULL)
		(*out)->again = DB_AGAIN_NO;
	return e;
}

void
db_pool_give(struct db **db_at)
{
	struct db *db = *db_at;
	struct db_pool *pool = db->pool;

	*db_at = NULL;
	db->in_tx = false;
	if (db->lost || PQtransactionStatus(db->pg) != PQTRANS_IDLE) {
		drop(pool, &db);
		return;
	}
	db->used = clock_mono();
	(void)pthread_mutex_lock(&pool->lock);
	pool->idle[pool->idle_count++] = db;
	(void)pthread_cond_signal(&pool->changed);
	(void)pthread_mutex_unlock(&pool->lock);
}
