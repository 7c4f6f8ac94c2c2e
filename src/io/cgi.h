/*
 * cgi - one FastCGI connection of nginx and the request on it, parsed by
 * libfcgi. The only user of that library.
 *
 * libfcgi has no time limit and trusts all lengths; cgi_read() bounds both:
 * the head is looked at before libfcgi gets to read it (cgi_head), body bytes
 * are counted here, and a peer that stalls is dropped at the deadline.
 * Nothing is written before the request was read to its end.
 */
#ifndef IO_CGI_H
#define IO_CGI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

struct arena;
struct cgi;

/* Bounds of one request. */
struct cgi_limits {
	size_t max_params; /* bytes of all names and values, at most 65535 */
	size_t max_body;   /* bytes */
	int read_ms;       /* for the whole request to arrive */
};

/*
 * Once per process, after fork and before any other call here. The signal
 * dispositions that libfcgi replaces are put back; SIGPIPE is ignored.
 */
void cgi_init(void);

/* Take over a connected stream socket; `io_ms` bounds each read and write. */
struct cgi *cgi_open(int fd, int io_ms);
/* Close the socket and free; sets *cgi to NULL, and accepts NULL. */
void cgi_close(struct cgi **cgi);

/* -1 after libfcgi has closed it. */
int cgi_fd(const struct cgi *cgi);

/*
 * Read the request that is arriving. Its body is copied into `mem`; all
 * other texts belong to the request. False when the connection is to be
 * closed without an answer: the peer left, stalled or does not speak
 * FastCGI. True with cgi_fault() set when an error has to be answered.
 */
bool cgi_read(
    struct cgi *cgi, const struct cgi_limits *limits, struct arena *mem);

/* OK, ERR_TOO_LARGE or ERR_BAD_REQUEST (not as long as CONTENT_LENGTH). */
enum err cgi_fault(const struct cgi *cgi);

/* "NAME=value" texts, NULL at the end; valid until cgi_finish(). */
const char *const *cgi_params(const struct cgi *cgi);

/* The body, with a NUL behind it. */
const char *cgi_body(const struct cgi *cgi, size_t *size);

/* Send a part of the answer: CGI headers, a blank line, the content. */
void cgi_write(struct cgi *cgi, const void *bytes, size_t n);

/* What was written did not arrive: the peer left, or does not read. */
bool cgi_has_failed(const struct cgi *cgi);

/*
 * Break the answer off, so that the peer sees that it is not whole; end it
 * with cgi_finish() all the same.
 */
void cgi_abort(struct cgi *cgi);

/*
 * End the answer. True when the connection stays open for another request:
 * nginx asked for it, nothing failed and `keep` allows it.
 */
bool cgi_finish(struct cgi *cgi, bool keep);

#endif
