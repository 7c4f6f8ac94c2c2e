#include "io/kv.h"

#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "base/text.h"
#include "io/kv_link.h"

#define HOST_SIZE 256
/* Connections kept for blocking pops; a process has one or two readers. */
#define POPS_KEPT 4
/* Scripts whose SHA-1 was asked for. */
#define SCRIPTS_KNOWN 32
#define SHA_SIZE      41
/* While Redis is away one attempt in this time; others fail at once. */
#define RETRY_EVERY (200 * CLOCK_MS)

struct known_script {
	const struct kv_script *script;
	char sha[SHA_SIZE];
};

struct kv_pool {
	pthread_mutex_t lock;
	pthread_cond_t freed; /* a connection became idle or was closed */
	char host[HOST_SIZE];
	int port; /* 0: host is a unix socket */
	int64_t timeout;
	int size; /* most connections for commands */
	int open; /* of them: idle, lent or being opened */
	int idle_count;
	struct redisContext **idle;
	int waiting;  /* threads that want one */
	int reserved; /* free ones that are meant for them */
	int pop_count;
	struct redisContext *pops[POPS_KEPT];
	int64_t retry_at; /* monotonic us; while down, no attempt before */
	bool is_down;     /* it did not answer the last time */
	unsigned known_count;
	struct known_script known[SCRIPTS_KNOWN];
};

static void
hold(struct kv_pool *pool)
{
	law(pthread_mutex_lock(&pool->lock) == 0);
}

static void
leave(struct kv_pool *pool)
{
	law(pthread_mutex_unlock(&pool->lock) == 0);
}

/* "/path", "host:port" or "[v6]:port". */
static bool
parse_address(struct kv_pool *pool, const char *address)
{
	const char *colon = strrchr(address, ':');
	bool bracket = address[0] == '[';
	int64_t port = 0;
	size_t n;

	if (address[0] == '/') {
		(void)snprintf(pool->host, HOST_SIZE, "%s", address);
		return strlen(address) < HOST_SIZE;
	}
	if (colon == NULL || !text_to_i64(colon + 1, 1, 65535, &port))
		return false;
	n = (size_t)(colon - address);
	if (bracket && (n < 3 || address[n - 1] != ']'))
		return false;
	if (bracket) {
		address++;
		n -= 2;
	}
	if (n == 0 || n >= HOST_SIZE)
		return false;
	pool->port = (int)port;
	memcpy(pool->host, address, n);
	return true;
}

/* Lock, condition and the place for `size` idle connections. */
static void
prepare(struct kv_pool *pool, int size)
{
	pthread_condattr_t attr;

	pool->size = size;
	pool->idle = calloc((size_t)size, sizeof(struct redisContext *));
	law(pool->idle != NULL);
	law(pthread_mutex_init(&pool->lock, NULL) == 0);
	law(pthread_condattr_init(&attr) == 0);
	law(pthread_condattr_setclock(&attr, CLOCK_MONOTONIC) == 0);
	law(pthread_cond_init(&pool->freed, &attr) == 0);
	(void)pthread_condattr_destroy(&attr);
}

enum err
kv_pool_open(struct ctx *c, const char *address, int size, int timeout_ms,
    struct kv_pool **out)
{
	struct kv_pool *pool = calloc(1, sizeof(*pool));

	law(pool != NULL && size > 0 && timeout_ms > 0);
	if (!parse_address(pool, address)) {
		free(pool);
		return fail(c, ERR_BAD_INPUT, "redis address %s", address);
	}
	/* hiredis writes with write(2): a closed socket would end us. */
	law(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	pool->timeout = timeout_ms * CLOCK_MS;
	prepare(pool, size);
	*out = pool;
	return OK;
}

void
kv_pool_close(struct kv_pool **pool)
{
	struct kv_pool *p = *pool;

	if (p == NULL)
		return;
	law(p->open == p->idle_count); /* none is lent */
	for (int i = 0; i < p->idle_count; i++)
		kv_link_close(&p->idle[i]);
	for (int i = 0; i < p->pop_count; i++)
		kv_link_close(&p->pops[i]);
	(void)pthread_cond_destroy(&p->freed);
	(void)pthread_mutex_destroy(&p->lock);
	free(p->idle);
	free(p);
	*pool = NULL;
}

/* The deadline of one command: its timeout, or earlier the request's own. */
static int64_t
deadline_in(const struct ctx *c, int64_t us)
{
	int64_t at = clock_mono() + us;

	return c->deadline != 0 && c->deadline < at ? c->deadline : at;
}

/* Fail at once while Redis was found away a moment ago. */
static enum err
admit(struct ctx *c, struct kv_pool *pool)
{
	int64_t now = clock_mono();
	bool too_early;

	if (pool == NULL)
		return fail(c, ERR_UNAVAILABLE, "redis is not configured");
	hold(pool);
	too_early = pool->is_down && now < pool->retry_at;
	if (pool->is_down && !too_early)
		pool->retry_at = now + RETRY_EVERY; /* we try, others wait */
	leave(pool);
	return too_early ? fail(c, ERR_UNAVAILABLE, "redis is away") : OK;
}

/*
 * Remember whether Redis answered; each change is told once. A request that
 * came with less than the timeout left says nothing about Redis.
 */
static enum err
note(struct ctx *c, struct kv_pool *pool, enum err e)
{
	bool is_down = e == ERR_UNAVAILABLE;
	bool changed;

	if (is_down && c->deadline != 0 && clock_mono() >= c->deadline)
		return e;
	hold(pool);
	changed = pool->is_down != is_down;
	pool->is_down = is_down;
	if (is_down)
		pool->retry_at = clock_mono() + RETRY_EVERY;
	leave(pool);
	if (changed && is_down)
		log_ev(c, LEVEL_WARN, "kv.lost", L_STR("host", pool->host),
		    L_STR("why", c->err_why));
	else if (changed)
		log_ev(c, LEVEL_INFO, "kv.back", L_STR("host", pool->host));
	return e;
}

static enum err
connect_now(struct ctx *c, struct kv_pool *pool, struct redisContext **out)
{
	return kv_link_open(
	    c, pool->host, pool->port, deadline_in(c, pool->timeout), out);
}

/* Wait for a connection to become free; false when `deadline` passed. Lock
 * held. */
static bool
wait_freed(struct kv_pool *pool, int64_t deadline)
{
	struct timespec at = {.tv_sec = (time_t)(deadline / CLOCK_SECOND),
	    .tv_nsec = (long)(deadline % CLOCK_SECOND * 1000)};

	return pthread_cond_timedwait(&pool->freed, &pool->lock, &at) == 0;
}

/*
 * Whether the caller may take a free connection, waiting for one if need be.
 * What becomes free while threads wait is reserved for them: a thread that
 * gives back and comes again cannot starve them. Lock held.
 */
static bool
await_slot(struct kv_pool *pool, int64_t deadline)
{
	bool in_time = true;

	if (pool->idle_count + pool->size - pool->open > pool->reserved)
		return true;
	pool->waiting++;
	while (pool->reserved == 0 && in_time)
		in_time = wait_freed(pool, deadline);
	pool->waiting--;
	if (pool->reserved == 0)
		return false;
	pool->reserved--;
	return true;
}

/* An idle connection, or NULL with a slot taken for a new one. */
static enum err
take_slot(struct ctx *c, struct kv_pool *pool, struct redisContext **out)
{
	int64_t deadline = deadline_in(c, pool->timeout);
	bool mine;

	*out = NULL;
	hold(pool);
	mine = await_slot(pool, deadline);
	if (mine && pool->idle_count > 0)
		*out = pool->idle[--pool->idle_count];
	else if (mine)
		pool->open++;
	leave(pool);
	return mine ? OK :
		      fail(c, ERR_UNAVAILABLE, "all redis connections busy");
}

/* One more is free: somebody who waits may have it. Lock held. */
static void
pass_on(struct kv_pool *pool)
{
	if (pool->waiting <= pool->reserved)
		return;
	pool->reserved++;
	law(pthread_cond_signal(&pool->freed) == 0);
}

static void
give_up_slot(struct kv_pool *pool)
{
	hold(pool);
	pool->open--;
	pass_on(pool);
	leave(pool);
}

/* Make the slot a working connection, or give it up. */
static enum err
fill_slot(struct ctx *c, struct kv_pool *pool, struct redisContext **out)
{
	enum err e;

	/* What Redis closed while it was idle costs no failed command. */
	if (*out != NULL && !kv_link_is_quiet(*out))
		kv_link_close(out);
	if (*out != NULL)
		return OK;
	e = connect_now(c, pool, out);
	if (e != OK)
		give_up_slot(pool);
	return e;
}

/* Take `link` back; a broken one is closed. */
static void
give_back(struct kv_pool *pool, struct redisContext *link, bool is_broken)
{
	if (is_broken) {
		kv_link_close(&link);
		give_up_slot(pool);
		return;
	}
	hold(pool);
	pool->idle[pool->idle_count++] = link;
	pass_on(pool);
	leave(pool);
}

/*
 * What Redis answers while it cannot serve: loading after a start, or no
 * longer the primary. The connection is given up: a new one may lead to the
 * server that took over.
 */
static bool
is_passing(const struct kv_reply *r)
{
	static const char *const words[] = {
	    "LOADING ", "READONLY ", "MASTERDOWN ", "BUSY ", NULL};

	for (size_t i = 0; words[i] != NULL; i++)
		if (r->type == KV_ERROR && text_starts(r->text, words[i]))
			return true;
	return false;
}

/* Run on a borrowed connection; an error reply of Redis stays a reply. */
static enum err
run_raw(struct ctx *c, struct kv_reply *out, size_t n, const char *const *words)
{
	struct redisContext *link;
	enum err e;

	*out = (struct kv_reply){0};
	TRY(admit(c, c->kv));
	/* That all are busy says nothing about Redis. */
	TRY(take_slot(c, c->kv, &link));
	e = fill_slot(c, c->kv, &link);
	if (e != OK)
		return note(c, c->kv, e);
	e = kv_link_run(c, link, n, words, deadline_in(c, c->kv->timeout), out);
	if (e == OK && is_passing(out))
		e = fail(c, ERR_UNAVAILABLE, "redis: %s", out->text);
	give_back(c->kv, link, e != OK);
	return note(c, c->kv, e);
}

static enum err
refuse_error(struct ctx *c, const char *command, const struct kv_reply *r)
{
	if (r->type != KV_ERROR)
		return OK;
	return fail(c, ERR_INTERNAL, "redis %s: %s", command, r->text);
}

enum err
kv_run(struct ctx *c, struct kv_reply *out, size_t n, const char *const *words)
{
	struct kv_reply ignored = {0};

	if (out == NULL)
		out = &ignored;
	law(n > 0 && n < INT_MAX);
	TRY(run_raw(c, out, n, words));
	return refuse_error(c, words[0], out);
}

static bool
take_pop(struct kv_pool *pool, struct redisContext **out)
{
	*out = NULL;
	hold(pool);
	if (pool->pop_count > 0)
		*out = pool->pops[--pool->pop_count];
	leave(pool);
	if (*out != NULL && !kv_link_is_quiet(*out))
		kv_link_close(out);
	return *out != NULL;
}

static void
keep_pop(struct kv_pool *pool, struct redisContext *link)
{
	hold(pool);
	if (pool->pop_count < POPS_KEPT) {
		pool->pops[pool->pop_count++] = link;
		link = NULL;
	}
	leave(pool);
	kv_link_close(&link);
}

static enum err
run_pop(struct ctx *c, struct kv_pool *pool, const char *list, int wait_ms,
    struct kv_reply *r)
{
	const char *words[] = {"BLPOP", list,
	    arena_fmt(c->mem, "%d.%03d", wait_ms / 1000, wait_ms % 1000)};
	struct redisContext *link;
	enum err e;

	if (!take_pop(pool, &link))
		TRY(connect_now(c, pool, &link));
	e = kv_link_run(c, link, 3, words,
	    deadline_in(c, wait_ms * CLOCK_MS + pool->timeout), r);
	if (e == OK && is_passing(r))
		e = fail(c, ERR_UNAVAILABLE, "redis: %s", r->text);
	if (e == OK)
		keep_pop(pool, link);
	else
		kv_link_close(&link);
	return e;
}

enum err
kv_pop(struct ctx *c, const char *list, int wait_ms, const char **out)
{
	struct kv_reply r = {0};

	*out = NULL;
	law(wait_ms > 0); /* to Redis a zero means for ever */
	TRY(admit(c, c->kv));
	TRY(note(c, c->kv, run_pop(c, c->kv, list, wait_ms, &r)));
	TRY(refuse_error(c, "BLPOP", &r));
	if (r.type == KV_LIST && r.count == 2)
		*out = r.item[1].text;
	return OK;
}

/* The SHA-1 that Redis gave for this script before, or NULL. */
static const char *
find_sha(struct kv_pool *pool, const struct kv_script *script)
{
	const char *sha = script->sha;

	if (pool == NULL)
		return sha;
	hold(pool);
	for (unsigned i = 0; sha == NULL && i < pool->known_count; i++)
		if (pool->known[i].script == script)
			sha = pool->known[i].sha;
	leave(pool);
	return sha;
}

static void
keep_sha(struct kv_pool *pool, const struct kv_script *script, const char *sha)
{
	struct known_script *k;

	hold(pool);
	if (pool->known_count < SCRIPTS_KNOWN) {
		k = &pool->known[pool->known_count++];
		k->script = script;
		(void)snprintf(k->sha, SHA_SIZE, "%s", sha);
	}
	leave(pool);
}

static enum err
load_script(struct ctx *c, const struct kv_script *script, const char **sha)
{
	struct kv_reply r;

	TRY(kv_cmd(c, &r, "SCRIPT", "LOAD", script->text));
	if (r.type != KV_TEXT || r.len != SHA_SIZE - 1)
		return fail(c, ERR_INTERNAL, "redis SCRIPT LOAD: no SHA-1");
	*sha = r.text;
	if (script->sha == NULL && find_sha(c->kv, script) == NULL)
		keep_sha(c->kv, script, *sha);
	return OK;
}

enum err
kv_eval(struct ctx *c, const struct kv_script *script, struct kv_reply *out,
    size_t keys, size_t n, const char *const *words)
{
	const char **all = arena_many(c->mem, const char *, n + 3);
	struct kv_reply ignored = {0};

	if (out == NULL)
		out = &ignored;
	law(keys <= n && n < INT_MAX - 3);
	all[0] = "EVALSHA";
	all[1] = find_sha(c->kv, script);
	all[2] = arena_fmt(c->mem, "%zu", keys);
	for (size_t i = 0; i < n; i++)
		all[i + 3] = words[i];
	if (all[1] == NULL)
		TRY(load_script(c, script, &all[1]));
	TRY(run_raw(c, out, n + 3, all));
	if (out->type == KV_ERROR && text_starts(out->text, "NOSCRIPT")) {
		/* Redis has restarted since; EVAL runs and loads in one. */
		all[0] = "EVAL";
		all[1] = script->text;
		TRY(run_raw(c, out, n + 3, all));
	}
	return refuse_error(c, "script", out);
}
