/*
 * pollq_store - when each running number is asked about, in Redis: one
 * sorted set per provider account, its members activations, the score the
 * time in ms (of Redis) from which the number may be taken.
 *
 * A score that ends in half a millisecond is firm: the number is held by a
 * worker until then, or its provider asked for a pause. Taking it sets such
 * a score, and that is also the token by which the holder writes: who held
 * it too long changes nothing. Who watches a number moves only scores that
 * are not firm.
 *
 * PostgreSQL says which numbers there are (table polls). What Redis loses is
 * added again from there, what is over is removed when it is next taken.
 */
#ifndef STORE_POLLQ_STORE_H
#define STORE_POLLQ_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* A number's place in the queue. */
struct poll_seat {
	const char *activation_id;
	int64_t provider_id;
	int64_t delay_ms;  /* from now; below 0: remove it */
	bool is_firm;      /* not to be asked earlier, whoever watches */
	const char *token; /* of the claim; NULL: not held through Redis */
};

struct pollq_claim {
	const int64_t *providers;
	size_t provider_count;
	int batch;        /* most numbers of one provider */
	int64_t lease_ms; /* how long they are held */
	int64_t watch_ms; /* within this a watched number is due */
};

struct pollq_taken {
	struct poll_seat *seats; /* with the token; a provider's together */
	size_t n;
	bool is_full; /* some provider may have more that are due */
};

/* Take what is due. */
enum err pollq_store_claim(struct ctx *c, const struct pollq_claim *claim,
    struct pollq_taken *out) MUST_CHECK;

/*
 * Set times: with a token, unless the claim was lost meanwhile; without one,
 * unless somebody holds the number. What is missing is added.
 */
enum err pollq_store_set(struct ctx *c, const struct poll_seat *all, size_t n)
    MUST_CHECK;

/* Add those that are not there yet. */
enum err pollq_store_add(struct ctx *c, const struct poll_seat *all, size_t n)
    MUST_CHECK;

/* Somebody watches this number: ask sooner. */
enum err pollq_store_watch(struct ctx *c, const char *activation) MUST_CHECK;

/* True for one caller within `period_ms`, and for one after Redis was lost. */
enum err pollq_store_turn(struct ctx *c, int64_t period_ms, bool *mine)
    MUST_CHECK;

#endif
