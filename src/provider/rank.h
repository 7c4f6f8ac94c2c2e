/*
 * rank - in which order upstreams are asked for one number: a pure function
 * of the candidates, the rules and a seed.
 *
 *	filters   first reason that applies removes the candidate
 *	score     sum of logarithms (base 2, parts per million): points of
 *		  the operator, cost and latency relative to the best admitted
 *		  candidate, delivery rate, stock; each but the points times
 *		  its weight. One more doubles the chance to be asked first.
 *	luck      random, by the seed: -log2(-log2(u)), the Gumbel draw, which
 *		  makes the chances follow the scores
 *	order     by score and luck together
 *
 * Laws: a filtered candidate is never drawn; every admitted one is drawn
 * exactly once; equal inputs give equal outputs bit for bit (fixed point,
 * no floating point); what was decided can be printed, read back and
 * recomputed from the print alone; with the same seed a candidate that becomes
 * cheaper (not free), faster, better stocked or more delivering is never asked
 * later for it.
 */
#ifndef PROVIDER_RANK_H
#define PROVIDER_RANK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct buf;
struct js;

/* Ratios and rates are parts per million. */
#define RANK_ONE INT64_C(1000000)

/* A weight of one. */
#define RANK_WEIGHT_ONE INT64_C(10000)

/* Priority plus admin weight; more is cut. */
#define RANK_MAX_POINTS 10000

/* One offer of one provider. Money is micros of the wallet currency. */
struct candidate {
	const char *provider; /* name of the upstream account */
	int64_t offer;        /* id of the offer */
	const char *operator; /* of the offer */
	int64_t rule;         /* id of the rule that prices it; 0 none */
	bool enabled;         /* the switch, and the maintenance window */
	bool can_buy;         /* its descriptor has what the lease needs */
	bool backing_off;     /* breaker open or rate limited */
	bool has_operator;    /* the wanted operator, or none was wanted */
	bool has_rate;        /* its currency can be converted, */
	bool is_rate_old;     /* but by a rate of long ago */
	int64_t cost;         /* what the upstream takes */
	int64_t price;        /* what the user would pay */
	int64_t floor;        /* the least that it may be sold for */
	int64_t stock;        /* as last seen; negative is not known */
	int64_t balance;      /* what is left at the upstream */
	int64_t priority;     /* of the provider, >= 0 */
	int64_t admin_weight; /* of the offer, >= 0 */
	int64_t latency;      /* of a purchase, us; 0 is not known */
	int64_t sold;         /* numbers of this route that ended lately */
	int64_t delivered;    /* of which a code arrived */
	int64_t published;    /* its provider's word for that, ppm; 0 none */
};

struct rank_rules {
	int64_t max_price; /* the user's limit; 0 is none */
	int64_t seed;
	/* Of the logarithms, parts of 10000. */
	int64_t weigh_cost, weigh_latency, weigh_rate, weigh_stock;
};

/* What became of the candidate of the same index. */
struct ranked {
	const char *refused; /* name of the filter; NULL is admitted */
	int64_t cost_ratio;  /* to the cheapest admitted, >= RANK_ONE */
	int64_t latency_ratio;
	int64_t rate; /* lower bound of codes per number sold */
	/* Parts of the score, weighted. */
	int64_t by_points, by_cost, by_latency, by_rate, by_stock;
	int64_t score;
	int64_t luck;
	int64_t place; /* 1 is asked first; 0 when refused */
};

struct decision {
	struct rank_rules rules;
	const struct candidate *candidates;
	struct ranked *ranked;
	size_t count;
	size_t *order; /* indexes of the admitted, first to ask first */
	size_t admitted;
};

/* `candidates` stays the caller's and must live as long as the decision. */
void rank_apply(struct ctx *c, const struct rank_rules *rules,
    const struct candidate *candidates, size_t count, struct decision *out);

/* Append the decision as one JSON object, inputs and figures. */
void rank_print(struct buf *b, const struct decision *d);

/*
 * Read a printed decision as it stands; nothing is decided again, and `order`
 * is not there. What another version did not print is 0 or NULL.
 */
enum err rank_read(struct ctx *c, const char *text, struct decision *out)
    MUST_CHECK;

/*
 * Read a printed decision's inputs and decide again. ERR_BAD_INPUT when it
 * is not a decision of this version.
 */
enum err rank_replay(
    struct ctx *c, const struct js *printed, struct decision *out) MUST_CHECK;

/*
 * Lower bound of delivered/sold, in parts per million; see rank.c. What is
 * published (ppm; 0 nothing) counts as a few numbers.
 */
int64_t rank_rate(int64_t delivered, int64_t sold, int64_t published);

#endif
