/*
 * call - one HTTP request that a worker task wants made, and its answer. A
 * service plans calls and settles them; the loop makes them in between. A
 * call owns an arena: everything it points to lives there until settled.
 */
#ifndef SERVICE_CALL_H
#define SERVICE_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

enum call_result {
	CALL_ANSWERED, /* status and body are there, whatever they say */
	CALL_NOT_SENT, /* proven: no byte left this machine */
	CALL_UNCERTAIN /* anything else: the other side may have acted */
};

struct call_header {
	const char *name, *value;
};

struct call {
	struct arena *mem;
	struct call *next;
	void *item; /* what the planning service needs to settle it */

	const char *method, *url, *body;
	size_t body_size;
	const struct call_header *headers;
	size_t header_count;
	int timeout_ms;
	size_t max_body;
	bool paid;          /* costs money: fresh connection, never re-sent */
	bool check_address; /* a user gave the address: public ones only */

	enum call_result result;
	int status;
	const struct call_header *answer_headers;
	size_t answer_header_count;
	const char *answer; /* NUL-terminated */
	size_t answer_size;
	const char *why; /* why there is no answer */
	int64_t took_us;
};

/* A list of calls, in order. */
struct calls {
	struct call *first, *last;
	size_t n;
};

/* A new call with its own arena, not yet in any list. */
struct call *call_new(void);
void call_free(struct call **call);

void calls_add(struct calls *list, struct call *call);
/* Take the first; NULL when the list is empty. */
struct call *calls_take(struct calls *list);
/* Move all of `from` behind `list`. */
void calls_join(struct calls *list, struct calls *from);

#endif
