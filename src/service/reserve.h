/*
 * reserve - reservations that come at the same time share a transaction.
 *
 * A reservation is queued; a committer thread takes all that wait, at most
 * RESERVE_BATCH, prices them by one statement and writes them by one more, and
 * takes what has come meanwhile. A lone one waits for nobody. When the batch
 * fails as a whole its members are tried singly, so that one cannot fail
 * another.
 *
 *	TRY(reserve_submit(c, &ask, fingerprint, id, 0, &r));
 *	... park on `id`; when woken, or when the time is over:
 *	e = reserve_result(c, r, &row, &is_decided);
 *
 * A new reservation that succeeded wakes nobody: the worker will, with the
 * number. Refused and repeated ones wake their request at once, and so does
 * any that was found undecided before.
 */
#ifndef SERVICE_RESERVE_H
#define SERVICE_RESERVE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct activation_reserved;
struct lease_ask;
struct reservation;

#define RESERVE_BATCH 64
/*
 * One writes at a time, so that the others gather; when it takes longer than
 * this (somebody's wallet is locked) a second one goes on.
 */
#define RESERVE_STALL   INT64_C(100000) /* us */
#define RESERVE_THREADS 2

/* The request that is parked for `key` may go on. */
typedef void reserve_tell_fn(void *arg, const char *key);

/*
 * Make c->reserver; it lives in c->mem and uses the pools and settings of
 * *c, which all must outlive it. Threads are started when they are needed.
 */
enum err reserver_open(struct ctx *c, reserve_tell_fn *tell, void *arg)
    MUST_CHECK;

/* Decide what is queued, end the threads; later ones are UNAVAILABLE. */
void reserver_close(struct ctx *c);

/*
 * Queue a reservation of `id`, a UUID, for c->user; all is copied. `price` is
 * what to hold, 0 to find it. It is let go with c->mem; what is under way then
 * is still decided. ERR_UNAVAILABLE: it was not queued.
 */
enum err reserve_submit(struct ctx *c, const struct lease_ask *ask,
    const char *fingerprint, const char *id, int64_t price,
    struct reservation **out) MUST_CHECK;

/*
 * What became of it, as activation_store_reserve() would tell of one; before
 * that ERR_NO_NUMBERS and ERR_NO_PRICE. With *is_decided false nothing yet:
 * it is decided within c->deadline of its request and the time of a
 * statement.
 */
enum err reserve_result(struct ctx *c, struct reservation *r,
    struct activation_reserved *out, bool *is_decided) MUST_CHECK;

#endif
