/* response - the answer a handler builds; sent after it has returned. */
#ifndef WEB_RESPONSE_H
#define WEB_RESPONSE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/ctx.h"

struct request;
struct response;
struct schema;

/* Runs on any thread when a parked request is woken or its time is over. */
typedef enum err resume_fn(
    struct ctx *c, const struct request *rq, struct response *rs) MUST_CHECK;

/*
 * Append the next part of an answer to `out`; *more is false with the last.
 * c->mem lives until it was sent: what is kept is in `arg`.
 */
typedef enum err stream_fn(
    struct ctx *c, void *arg, struct buf *out, bool *more) MUST_CHECK;

#define RESPONSE_MAX_HEADERS 16

struct response {
	int status; /* 0 until something is set */
	const char *type;
	struct buf body;
	struct {
		const char *name, *value;
	} headers[RESPONSE_MAX_HEADERS];
	size_t header_count;
	void *own;         /* the handler's, kept while the request is parked */
	stream_fn *stream; /* the body comes from here, in parts */
	void *stream_arg;
	/* Set by response_park(). */
	const char *park_key;
	int64_t park_until; /* monotonic us */
	resume_fn *resume;
};

/* Empty, before it is handed to a handler. */
void response_init(struct ctx *c, struct response *rs);

/* One object printed by its schema. */
void response_json(struct ctx *c, struct response *rs, int status,
    const struct schema *s, const void *at);
/* {"data":[...],"next_cursor":...}; `cursor` NULL prints null. */
void response_list(struct ctx *c, struct response *rs, const struct schema *s,
    const void *at, size_t n, const char *cursor);
/* Bytes that are already printed. */
void response_bytes(struct response *rs, int status, const char *type,
    const void *bytes, size_t n);
/* text/plain as it is (the compat doors). */
void response_text(struct response *rs, int status, const char *text);
void response_empty(struct response *rs, int status);
/*
 * An answer of any length, made while it is sent: `next` is called with `arg`
 * (of the request's memory) until it says that there is no more, on any
 * thread and never while the connection does not take what there is. When it
 * fails the answer breaks off, which the client sees.
 */
void response_stream(
    struct response *rs, const char *type, stream_fn *next, void *arg);
/*
 * Set a header, replacing an earlier one of that name except Set-Cookie. A
 * value with control characters, or NULL, is left out. Both texts must live
 * as long as the request.
 */
void response_header(struct response *rs, const char *name, const char *value);
bool response_has_header(const struct response *rs, const char *name);

/*
 * Park the request: return its result from the handler. It is resumed when
 * the worker answers `key` (an activation id, at most 63 bytes) or `until`
 * (monotonic us) has come; `resume` may park again. No thread waits, so
 * nothing that must be given back may be held.
 */
enum err response_park(struct response *rs, const char *key, int64_t until,
    resume_fn *resume) MUST_CHECK;

#endif
