/*
 * lane - the calls to one account that wait for their turn, and whose turn it
 * is: never more at once, and in a second, than the account bears. The first
 * rank goes first; one that was passed over too often comes before it, so
 * that a flood of purchases slows polls down and never stops them.
 *
 * Pure: what time it is comes from outside, and so does every call.
 */
#ifndef WORKER_LANE_H
#define WORKER_LANE_H

#include <stdint.h>

#include "service/errand.h"

#define LANE_SLICE  INT64_C(100000) /* us */
#define LANE_SLICES 11              /* a second, wherever in a slice it ends */
#define LANE_TURNS  4               /* passed over so often, it is next */

/* A call that waits; the owner keeps it until it is taken. */
struct lane_call {
	struct lane_call *next;
	enum errand_rank rank;
	int64_t over_by; /* clock_mono; too late from then on. 0: never */
};

/* How many began in each slice of the last second. */
struct lane_rate {
	int64_t
	    slice; /* the present one, counted from the epoch of the clock */
	int64_t begun[LANE_SLICES];
	int64_t sum;
};

struct lane {
	struct errand_limits limits;
	struct lane_queue {
		struct lane_call *first, *last;
		int passed;
	} queues[ERRAND__RANKS];
	struct lane_rate all, buys;
	int64_t under_way;
};

void lane_add(struct lane *l, struct lane_call *call);

/* A call that waited too long, or NULL. It is not to be made. */
struct lane_call *lane_take_late(struct lane *l, int64_t now);

/*
 * The call to begin now, which is under way from here on; or NULL, and then
 * *again is when to ask again (INT64_MAX: when one has ended or is added).
 */
struct lane_call *lane_take(struct lane *l, int64_t now, int64_t *again);

/* One that was taken has ended. */
void lane_end(struct lane *l);

/* All polls and price lists that wait are too late. */
void lane_hurry(struct lane *l);

#endif
