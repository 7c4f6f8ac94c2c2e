/*
 * fetch_easy - one exchange on a libcurl easy handle: options, callbacks and
 * the judgement of what came out. Only for fetch.c.
 */
#ifndef IO_FETCH_EASY_H
#define IO_FETCH_EASY_H

#include <stdbool.h>

#include "base/buf.h"
#include "io/fetch.h"

#define FETCH_HEADERS_MAX 100

struct fetch_easy {
	void *curl; /* CURL */
	const struct fetch_request *rq;
	struct fetch_outcome *out;
	struct arena *mem;
	struct curl_slist *headers;
	struct buf body;
	struct fetch_header *got; /* FETCH_HEADERS_MAX */
	size_t got_count, got_bytes;
	bool head_ended; /* the empty line behind the headers came */
	bool too_large;
	bool address_refused;
	bool too_late;   /* over_by has come before a connection was made */
	char words[256]; /* libcurl's own of a fault */
};

/* Once per process, before the first handle. */
void fetch_easy_init(void);

/*
 * Make the handle ready. False when the request may not be made: the
 * outcome then says so and there is nothing to perform.
 */
bool fetch_easy_open(struct fetch_easy *x, struct arena *mem,
    const struct fetch_request *rq, struct fetch_outcome *out);

/* Fill the outcome after the transfer ended with `code` (CURLcode). */
void fetch_easy_judge(struct fetch_easy *x, int code);

/* Release the handle; harmless when it was released. */
void fetch_easy_close(struct fetch_easy *x);

#endif
