/*
 * errand - one HTTP request that a worker task wants made, and its answer. A
 * service plans errands and settles them; the loop makes them in between. A
 * errand owns an arena: everything it points to lives there until settled.
 */
#ifndef SERVICE_ERRAND_H
#define SERVICE_ERRAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

enum errand_result {
	ERRAND_ANSWERED, /* status and body are there, whatever they say */
	ERRAND_NOT_SENT, /* proven: no byte left this machine */
	ERRAND_UNCERTAIN /* anything else: the other side may have acted */
};

/* Whose turn it is when an account does not bear all at once. */
enum errand_rank {
	ERRAND_BUY, /* costs money; somebody waits */
	ERRAND_ASK, /* cancels and what else users ask of a number */
	ERRAND_POLL,
	ERRAND_SYNC, /* whole price lists */
	ERRAND__RANKS
};

/* What an account bears; 0 is no limit. */
struct errand_limits {
	int64_t rps, buy_rps; /* calls, and purchases, in a second */
	int64_t concurrency;  /* calls at once */
};

struct errand_header {
	const char *name, *value;
};

struct errand {
	struct arena *mem;
	struct errand *next;
	void *item; /* what the planning service needs to settle it */

	const char *method, *url, *body;
	size_t body_size;
	const struct errand_header *headers;
	size_t header_count;
	int timeout_ms;
	int64_t over_by; /* clock_mono; not sent later than this. 0: none */
	size_t max_body;
	bool paid;          /* costs money: fresh connection, never re-sent */
	bool check_address; /* a user gave the address: public ones only */

	int64_t account; /* whose limits hold; 0: nobody's */
	struct errand_limits limits;
	enum errand_rank rank;

	bool missed; /* NOT_SENT, because its turn did not come in time */
	enum errand_result result;
	int status;
	const struct errand_header *answer_headers;
	size_t answer_header_count;
	const char *answer; /* NUL-terminated */
	size_t answer_size;
	const char *why; /* why there is no answer */
	int64_t took_us;
};

/* A list of errands, in order. */
struct errands {
	struct errand *first, *last;
	size_t n;
};

/* A new errand with its own arena, not yet in any list. */
struct errand *errand_new(void);
void errand_free(struct errand **errand);

void errands_add(struct errands *list, struct errand *errand);
/* Take the first; NULL when the list is empty. */
struct errand *errands_take(struct errands *list);
/* Move all of `from` behind `list`. */
void errands_join(struct errands *list, struct errands *from);

#endif
