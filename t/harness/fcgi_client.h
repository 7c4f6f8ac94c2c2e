/*
 * fcgi_client - a plain FastCGI client (FastCGI 1.0) for tests: it can say
 * what nginx says, and what nginx never would.
 */
#ifndef T_FCGI_CLIENT_H
#define T_FCGI_CLIENT_H

#include <stdbool.h>
#include <stddef.h>

#define FCGI_ANSWER_MAX 65536

/* The answer to one request: status, headers and content apart. */
struct fcgi_answer {
	int status;  /* of the Status header; 200 when there is none */
	bool ended;  /* END_REQUEST came */
	bool closed; /* the peer closed the connection before that */
	char head[8192];
	char body[FCGI_ANSWER_MAX];
	size_t body_size;
};

/* Connect to a unix socket, with a time limit on every read; -1 on failure. */
int fcgi_connect(const char *path);

/*
 * Send a whole request. `params` are name, value, name, value … NULL. The
 * server is asked to keep the connection when `keep`.
 */
bool fcgi_send(int fd, bool keep, const char *const *params, const char *body,
    size_t size);

/* Read until END_REQUEST, the end of the connection or the time limit. */
void fcgi_receive(int fd, struct fcgi_answer *out);

/* One record, for tests that send broken ones; returns its size in `out`. */
size_t fcgi_record(unsigned char *out, int type, const void *content, size_t n);

/* BEGIN_REQUEST of a responder. */
size_t fcgi_begin(unsigned char *out, bool keep);

/* GET or a body of `method` at `path`, on a kept connection. */
bool fcgi_call(int fd, const char *method, const char *path, const char *body,
    struct fcgi_answer *out);

#endif
