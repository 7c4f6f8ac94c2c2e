/*
 * ctx - what every handler, service and store call carries: the memory and
 * the identity of one request or one job, and the doors to the outside.
 */
#ifndef BASE_CTX_H
#define BASE_CTX_H

#include <stdint.h>

#include "base/err.h"

struct arena;
struct conf;
struct db;
struct db_pool;
struct field_errors;
struct kv_pool;
struct reserver;
struct upstreams;
struct vault;

struct ctx {
	struct arena *mem;         /* freed when the request or job ends */
	const char *id;            /* request or job id, on every log line */
	const char *op;            /* operation: route, task or command name */
	int64_t user;              /* who acts; 0 is nobody */
	int64_t deadline;          /* monotonic us; 0 is none */
	const struct conf *conf;   /* settings, read-only */
	struct db_pool *pg;        /* PostgreSQL connections */
	struct db *db;             /* bound while in a transaction */
	int64_t db_us;             /* spent waiting for PostgreSQL so far */
	struct kv_pool *kv;        /* Redis connections */
	const struct vault *vault; /* the process's keys */
	const char *holder;        /* names a worker's claims, "host:pid" */
	struct reserver *reserver; /* batches reservations; NULL: each alone */
	struct upstreams *upstreams; /* a worker's provider accounts */
	enum err err;                /* last failure, for log and answer */
	const char *err_why;         /* private detail, logged, never sent */
	const struct field_errors *faults; /* fields refused by a schema */
};

/* Record why and return `e`, so that "return fail(...)" reads as one step. */
enum err fail(struct ctx *c, enum err e, const char *fmt, ...)
    __attribute__((format(printf, 3, 4))) MUST_CHECK;

/* Forget a failure that the caller has handled. */
void ctx_forgive(struct ctx *c);

#endif
