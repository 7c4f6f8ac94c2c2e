/*
 * poll_queue - which numbers are to be asked about, and when. Redis has the
 * times; PostgreSQL says which numbers there are, and has the times while
 * Redis is away. Two workers ask about the same number at once only when
 * one has held it longer than its lease.
 */
#ifndef SERVICE_POLL_QUEUE_H
#define SERVICE_POLL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"
#include "store/outbox_store.h"
#include "store/pollq_store.h"

struct errands;

/* Numbers that this worker holds; in c->mem. */
struct poll_batch {
	const struct poll_row **rows;
	size_t n;
	const char *token; /* of the claim; NULL: taken in PostgreSQL */
	bool more;         /* others may be due */
};

enum err poll_queue_take(struct ctx *c, struct poll_batch *out) MUST_CHECK;

/* When to ask next about numbers that were taken. */
enum err poll_queue_later(
    struct ctx *c, const struct poll_seat *seats, size_t n) MUST_CHECK;

/* New ones are due now; what is lost here the refill finds. */
void poll_queue_add(struct ctx *c, const struct poll_seat *seats, size_t n);

/* Ask about these now, unless somebody does. */
enum err poll_queue_now(struct ctx *c, const struct poll_seat *seats, size_t n)
    MUST_CHECK;

/* The worker's task "refill": add what Redis lacks. */
enum err poll_queue_refill(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

#endif
