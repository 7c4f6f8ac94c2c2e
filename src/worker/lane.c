#include "worker/lane.h"

#include <stddef.h>
#include <string.h>

#include "base/law.h"

#define LATE_ALREADY 1 /* an over_by that has passed */

static void
rate_roll(struct lane_rate *r, int64_t now)
{
	int64_t slice = now / LANE_SLICE;

	if (slice - r->slice >= LANE_SLICES) {
		*r = (struct lane_rate){.slice = slice};
		return;
	}
	while (r->slice < slice) {
		int64_t *oldest = &r->begun[++r->slice % LANE_SLICES];

		r->sum -= *oldest;
		*oldest = 0;
	}
}

static void
rate_note(struct lane_rate *r)
{
	r->begun[r->slice % LANE_SLICES]++;
	r->sum++;
}

/* From when on one more may begin; 0 is now. */
static int64_t
rate_free_at(const struct lane_rate *r, int64_t limit)
{
	int64_t left = r->sum;

	if (limit == 0 || left < limit)
		return 0;
	for (int64_t s = r->slice + 1; s <= r->slice + LANE_SLICES; s++) {
		left -= r->begun[s % LANE_SLICES];
		if (left < limit)
			return s * LANE_SLICE;
	}
	return INT64_MAX; /* a limit is at least 1 */
}

static struct lane_call *
pop(struct lane_queue *q)
{
	struct lane_call *call = q->first;

	q->first = call->next;
	if (q->first == NULL) {
		q->last = NULL;
		q->passed = 0;
	}
	call->next = NULL;
	return call;
}

void
lane_add(struct lane *l, struct lane_call *call)
{
	struct lane_queue *q = &l->queues[call->rank];

	call->next = NULL;
	if (q->last == NULL)
		q->first = call;
	else
		q->last->next = call;
	q->last = call;
}

struct lane_call *
lane_take_late(struct lane *l, int64_t now)
{
	for (int r = 0; r < ERRAND__RANKS; r++) {
		const struct lane_call *first = l->queues[r].first;

		if (first != NULL && first->over_by != 0 &&
		    first->over_by <= now)
			return pop(&l->queues[r]);
	}
	return NULL;
}

/* The rank whose turn it is; ERRAND__RANKS when none has one that may go. */
static int
turn_of(const struct lane *l, int64_t buys_at)
{
	for (int r = ERRAND__RANKS - 1; r > 0; r--)
		if (l->queues[r].passed >= LANE_TURNS)
			return r;
	for (int r = 0; r < ERRAND__RANKS; r++)
		if (l->queues[r].first != NULL &&
		    (r != ERRAND_BUY || buys_at == 0))
			return r;
	return ERRAND__RANKS;
}

static struct lane_call *
begin(struct lane *l, int rank)
{
	l->under_way++;
	rate_note(&l->all);
	if (rank == ERRAND_BUY)
		rate_note(&l->buys);
	l->queues[rank].passed = 0;
	for (int r = rank + 1; r < ERRAND__RANKS; r++)
		if (l->queues[r].first != NULL)
			l->queues[r].passed++;
	return pop(&l->queues[rank]);
}

/* The first of those that wait that will be too late. */
static int64_t
late_at(const struct lane *l)
{
	int64_t at = INT64_MAX;

	for (int r = 0; r < ERRAND__RANKS; r++) {
		const struct lane_call *first = l->queues[r].first;

		if (first != NULL && first->over_by != 0 && first->over_by < at)
			at = first->over_by;
	}
	return at;
}

struct lane_call *
lane_take(struct lane *l, int64_t now, int64_t *again)
{
	const struct errand_limits *most = &l->limits;
	int64_t buys_at;
	int64_t at;
	int rank;

	rate_roll(&l->all, now);
	rate_roll(&l->buys, now);
	*again = late_at(l);
	if (most->concurrency != 0 && l->under_way >= most->concurrency)
		return NULL;
	at = rate_free_at(&l->all, most->rps);
	buys_at = rate_free_at(&l->buys, most->buy_rps);
	rank = turn_of(l, buys_at);
	if (at == 0 && rank < ERRAND__RANKS)
		return begin(l, rank);
	if (rank == ERRAND__RANKS && buys_at > at)
		at = buys_at;
	if (at < *again &&
	    (rank < ERRAND__RANKS || l->queues[ERRAND_BUY].first != NULL))
		*again = at;
	return NULL;
}

void
lane_end(struct lane *l)
{
	law(l->under_way > 0);
	l->under_way--;
}

void
lane_hurry(struct lane *l)
{
	for (int r = ERRAND_POLL; r < ERRAND__RANKS; r++)
		for (struct lane_call *call = l->queues[r].first; call != NULL;
		     call = call->next)
			call->over_by = LATE_ALREADY;
}
