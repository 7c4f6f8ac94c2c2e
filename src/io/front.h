/*
 * front - the FastCGI front of one process: one epoll set holds the
 * listening socket and all connections of nginx, a few threads serve
 * whichever is readable. A kept connection costs no thread while it is
 * silent, and a held request costs none while it waits.
 *
 * The `handle` function gets each request on one of the threads and ends in
 * one of two ways: it has called front_finish(), or front_hold() and then
 * not touched the request any more. A held request comes back to `handle`,
 * on any thread, after front_resume() of its ticket (FRONT_RESUMED) or
 * because nginx has closed its connection (FRONT_GONE); one of the two, once.
 *
 * Tickets are numbers, valid for one wait: resuming an old one does nothing.
 */
#ifndef IO_FRONT_H
#define IO_FRONT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/cgi.h"

struct arena;
struct front;
struct front_rq;

enum front_why { FRONT_NEW, FRONT_RESUMED, FRONT_GONE };

typedef void front_handle_fn(
    void *arg, struct front_rq *rq, enum front_why why);

struct front_setup {
	struct cgi_limits limits;
	int listen_fd; /* stays the caller's; made non-blocking */
	int threads;
	int max_conns;     /* further ones are closed at once */
	size_t max_memory; /* arena of one request, bytes */
	front_handle_fn *handle;
	void (*alarm)(void *arg); /* the time of front_alarm() has come */
	void *arg;                /* of both */
};

/* ERR_UNAVAILABLE when the system refuses a descriptor. */
enum err front_open(struct ctx *c, const struct front_setup *setup,
    struct front **out) MUST_CHECK;

/* Start the threads; signals are blocked in them. */
enum err front_start(struct ctx *c, struct front *f) MUST_CHECK;

/* Accept no more; each connection is closed after its next answer. */
void front_drain(struct front *f);

/* Close the connections on which no request is being served. */
void front_drop_idle(struct front *f);

/* Connections now open. */
int front_conns(struct front *f);

/* Stop the threads when the requests in hand are answered, and free. */
void front_close(struct front **f);

/* -- for the handler */
struct cgi *front_cgi(struct front_rq *rq);
/* Memory of this request, until front_finish(). */
struct arena *front_mem(struct front_rq *rq);
/* A pointer of the handler's own, NULL at FRONT_NEW. */
void **front_slot(struct front_rq *rq);
void front_finish(struct front *f, struct front_rq *rq);

/* The ticket of its last hold. */
uint64_t front_ticket(const struct front_rq *rq);

uint64_t front_hold(struct front *f, struct front_rq *rq);
/* False when the ticket's wait is over. Any thread. */
bool front_resume(struct front *f, uint64_t ticket);
/* Call `alarm` at `mono_us`; replaces the earlier time. 0 is never. */
void front_alarm(struct front *f, int64_t mono_us);

#endif
