/*
 * fetch - HTTP requests to the outside (libcurl), many at once on the loop.
 *
 * Laws: no redirect is followed, no proxy, netrc, cookie or compression is
 * used; every request has a deadline and a ceiling for its answer. A paid
 * request goes out on a connection of its own: libcurl silently repeats a
 * request, POST too, when a reused connection dies without an answer.
 *
 *	fetch_start(fetcher, mem, &rq, &out, on_done, job);
 *
 * All of it happens on the thread of the loop.
 */
#ifndef IO_FETCH_H
#define IO_FETCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct arena;
struct fetcher;
struct loop;

struct fetch_header {
	const char *name;
	const char *value;
};

struct fetch_request {
	const char *method; /* "GET", "POST", ... */
	const char *url;    /* http or https, no user name in it */
	const struct fetch_header *headers;
	size_t header_count;
	const char *body; /* NULL: none */
	size_t body_size;
	int timeout_ms;         /* for everything, required */
	int connect_timeout_ms; /* 0: as timeout_ms */
	/* Over by then (clock_mono), whatever timeout_ms says: at that time
	 * others decide about it. What is too late is not sent. 0: none. */
	int64_t over_by;
	size_t max_body; /* ceiling of the answer, required */
	/* Costs money or must happen once: a fresh connection, HTTP/1.1. */
	bool paid;
	/* A user chose the address: public ones only, a fresh connection. */
	bool check_address;
	/* Allowed ports, ended by 0. NULL: all, or with check_address 80, 443
	 * and 8443. */
	const int *ports;
};

/* What is known about the request; the least is known first. */
enum fetch_result {
	FETCH_UNCERTAIN, /* bytes may have left; no whole answer came */
	FETCH_NOT_SENT,  /* proven: no byte of the request left (only told of
			    a fresh connection) */
	FETCH_OK         /* a whole answer came, whatever it says; one without
			    a length ends where the server closed (RFC 9112
			    section 8) */
};

enum fetch_fault {
	FETCH_FAULT_NONE,
	FETCH_FAULT_REQUEST, /* not a request that may be made */
	FETCH_FAULT_ADDRESS, /* not a public address or allowed port */
	FETCH_FAULT_CONNECT, /* no such host, refused, unreachable */
	FETCH_FAULT_TLS,
	FETCH_FAULT_TIMEOUT,
	FETCH_FAULT_TOO_LARGE, /* over max_body, or too many headers */
	FETCH_FAULT_BROKEN     /* closed or garbled while under way */
};

struct fetch_outcome {
	enum fetch_result result;
	enum fetch_fault fault;
	const char *why; /* the fault in words, NULL without */
	int status;      /* 0: no status line came */
	const struct fetch_header *headers;
	size_t header_count;
	const char *body; /* NUL-terminated, never NULL; what came of it */
	size_t body_size;
	bool body_cut; /* there was more, by max_body or a lost end */
	int64_t total_us;
};

/* The value of a header of the answer, any case; NULL when there is none. */
const char *fetch_header_find(
    const struct fetch_outcome *out, const char *name);

/* Also makes the process ignore SIGPIPE, which TLS on a dead socket raises. */
enum err fetcher_open(struct ctx *c, struct loop *loop, struct fetcher **out)
    MUST_CHECK;
/* What is under way is dropped, its callbacks are not called. */
void fetcher_close(struct fetcher **f);

/*
 * Start `rq`; `done` runs later, from the loop, exactly once, with the
 * outcome filled in. The request, `out` and `mem` must live until then; what
 * the outcome points to lives in `mem`, which needs room for about four
 * times max_body.
 */
typedef void fetch_fn(struct fetch_outcome *out, void *arg);
void fetch_start(struct fetcher *f, struct arena *mem,
    const struct fetch_request *rq, struct fetch_outcome *out, fetch_fn *done,
    void *arg);

/* How many are under way. */
size_t fetcher_active(const struct fetcher *f);

/* The same for a command that waits: no loop, outcome in c->mem. */
void fetch_run(
    struct ctx *c, const struct fetch_request *rq, struct fetch_outcome *out);

#endif
