/*
 * park - requests that wait for something, by key and by deadline. It holds
 * tickets of io/front, never the requests themselves; a ticket that has
 * meanwhile been used up does no harm.
 *
 * A wake-up that comes before its request has parked is remembered for
 * PARK_MEMORY, so that none is lost: the work may be done before the handler
 * has returned.
 *
 * Thread-safe.
 */
#ifndef WEB_PARK_H
#define WEB_PARK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct park;

#define PARK_KEY_SIZE 64
#define PARK_MEMORY   INT64_C(5000000) /* us */

enum park_result {
	PARK_WAITS,
	PARK_WOKEN, /* the wake-up is already here: resume now */
	PARK_FULL   /* resume now */
};

/* Lives in `mem`, which is never reset. */
struct park *park_new(struct arena *mem, size_t capacity);

enum park_result park_add(struct park *p, const char *key, uint64_t ticket,
    int64_t now, int64_t until);

/*
 * Take up to `max` tickets that wait for `key`; how many. When there are
 * none the wake-up is remembered.
 */
size_t park_wake(struct park *p, const char *key, int64_t now,
    uint64_t *tickets, size_t max);

/* Take a ticket whose time is at or before `now`. */
bool park_due(struct park *p, int64_t now, uint64_t *ticket);

/* Forget a ticket whose request is gone. */
void park_remove(struct park *p, uint64_t ticket);

/* The earliest deadline, 0 when nothing waits. */
int64_t park_next(struct park *p);

size_t park_count(struct park *p);

/* Whether there is no place; there may be one a moment later. */
bool park_is_full(struct park *p);

#endif
