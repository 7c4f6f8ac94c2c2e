/*
 * httpd - an HTTP/1.1 server on libevent's evhttp: one thread, one loop, one
 * function that serves. It exists for the sandbox, so beside an ordinary
 * answer it can misbehave on purpose: stay silent, hang up, reset, lie about
 * the length, drip, flood.
 *
 *	static void
 *	serve(void *arg, struct httpd_call *call)
 *	{
 *		httpd_answer(call, 200, "text/plain", "hello", 5);
 *	}
 *
 * Law: every call is ended exactly once, by httpd_answer, httpd_stream,
 * httpd_reset, httpd_hang_up or httpd_hold; afterwards `call` and its memory
 * are gone. Ending a call whose client has left is fine.
 */
#ifndef IO_HTTPD_H
#define IO_HTTPD_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct arena;
struct httpd;
struct httpd_call; /* one request and the answer it waits for */

typedef void httpd_fn(void *arg, struct httpd_call *call);

struct httpd_options {
	const char *address; /* numeric */
	int port;            /* 0 lets the system choose a free one */
	size_t max_body;     /* of a request, bytes */
	int idle_s;          /* a connection without traffic is closed */
	httpd_fn *serve;
	void *arg;
};

/*
 * Bind and listen. SIGTERM and SIGINT end httpd_run from here on; SIGPIPE is
 * ignored. ERR_UNAVAILABLE when the address cannot be bound.
 */
enum err httpd_open(struct ctx *c, const struct httpd_options *o,
    struct httpd **out) MUST_CHECK;

/* The port that is listened on. */
int httpd_port(const struct httpd *h);

/* Serve until SIGTERM, SIGINT or httpd_stop. */
void httpd_run(struct httpd *h);
void httpd_stop(struct httpd *h);

/* Close all connections, end all calls; sets *h to NULL, accepts NULL. */
void httpd_close(struct httpd **h);

/* ---- the request ---- */

/* Memory that lives as long as the call. */
struct arena *httpd_mem(struct httpd_call *call);
const char *httpd_method(const struct httpd_call *call);
/* The path as it was sent, without the query, never NULL. */
const char *httpd_path(const struct httpd_call *call);
/*
 * A parameter of the query, or else of a body that is
 * application/x-www-form-urlencoded, decoded; NULL when there is none.
 */
const char *httpd_param(const struct httpd_call *call, const char *name);
const char *httpd_header(const struct httpd_call *call, const char *name);
/* The body with a NUL behind it, in the call's memory. */
const char *httpd_body(struct httpd_call *call, size_t *len);

/* ---- the answer ---- */

void httpd_set_header(
    struct httpd_call *call, const char *name, const char *value);

/* `type` is the Content-Type; NULL for none. */
void httpd_answer(struct httpd_call *call, int status, const char *type,
    const void *body, size_t len);

/* Run `fn` after `ms`; it must end the call (or delay it again). */
void httpd_later(struct httpd_call *call, int64_t ms, httpd_fn *fn, void *arg);

/*
 * A body piece by piece. `bytes` are copied and repeated as often as needed.
 * When fewer are sent than announced the connection is closed after them.
 */
struct httpd_stream {
	const void *bytes;
	size_t len;        /* at least 1 */
	int64_t announced; /* Content-Length */
	int64_t sent;      /* how many really come */
	int64_t step;      /* bytes per piece */
	int64_t every_ms;  /* between pieces; 0 is as fast as they are read */
};
void httpd_stream(struct httpd_call *call, int status, const char *type,
    const struct httpd_stream *s);

/* Abort the connection (TCP RST) without an answer. */
void httpd_reset(struct httpd_call *call);
/* Close the connection (TCP FIN) without an answer. */
void httpd_hang_up(struct httpd_call *call);
/* Never answer: the connection stays open until the client leaves, or until
 * it was idle for too long. */
void httpd_hold(struct httpd_call *call);

#endif
