/*
 * reconcile_store - purchases whose outcome is not known, what providers
 * owe, numbers that belong to nobody.
 */
#ifndef STORE_RECONCILE_STORE_H
#define STORE_RECONCILE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

/*
 * An attempt to find out about. The token is new: its buyer is fenced. When
 * it is found in the provider's list, attempt_store_activate() takes it.
 */
struct unknown_row {
	const char *attempt_id;
	const char *token;
	const char *state; /* UNKNOWN, NUMBER_PENDING */
	const char *activation_id;
	int activation_state; /* enum activation_state */
	int64_t user_id;
	int64_t provider_id;
	const char *service, *country, *operator;
	const char *native_service, *native_country, *native_operator;
	int64_t max_cost;        /* wallet micros that were admitted */
	int64_t fx_rate;         /* converts its cost */
	const char *upstream_id; /* NUMBER_PENDING: ask for its phone */
	int64_t started_at;
	int64_t settle_at; /* before it "not there" proves nothing */
	const char *cause;
	bool may_give_up; /* the longest lifetime has passed */
};

struct attempt_verdict {
	const char *id;
	const char *token;
	const char *cause;
	/* Of a doubt: what was or may have been paid, 0 what was admitted;
	 * the number, "" not known. */
	int64_t amount;
	const char *upstream_id;
};

/* What became of one element; state is the activation's. */
struct verdict_row {
	const char *status; /* ok, fenced, not_found */
	const char *activation_id;
	int state;
};

struct listed_number {
	const char *upstream_id;
	const char *service; /* native */
	const char *country;
	int64_t cost; /* wallet micros */
};

struct orphan_row {
	int64_t provider_id;
	const char *upstream_id;
	const char *token;
	const char *reason; /* listed, wrong_country, fenced */
	int64_t cost;
	int64_t first_at;
};

struct orphan_end {
	const struct orphan_row *orphan;
	const char *outcome; /* cancelled, kept, retry */
	int64_t delay_ms;    /* of retry */
	const char *error;   /* "" none */
};

struct attempt_history {
	const char *id;
	int64_t no;
	int64_t provider_id;
	const char *provider;
	const char *state;
	const char *upstream_id;
	int64_t cost;
	const char *cost_state;
	const char *cause;
	int64_t started_at;
	int64_t closed_at;
};

struct decision_row {
	int64_t no; /* of the attempt it led to */
	int64_t seed;
	const char *candidates; /* JSON as the router printed it */
	int64_t created_at;
};

/* Take up to `batch` struct unknown_row for lease_ms. */
enum err reconcile_store_due(
    struct ctx *c, int batch, int64_t lease_ms, struct list *out) MUST_CHECK;

/* Nothing was sold: order again, or end what was given up. */
enum err reconcile_store_absent(struct ctx *c,
    const struct attempt_verdict *all, size_t n, struct list *out) MUST_CHECK;
/* It will never be known: release, book the loss, write down the doubt. */
enum err reconcile_store_doubt(struct ctx *c, const struct attempt_verdict *all,
    size_t n, struct list *out) MUST_CHECK;
/* Look again after delay_ms. */
enum err reconcile_store_postpone(struct ctx *c,
    const struct attempt_verdict *all, size_t n, int64_t delay_ms) MUST_CHECK;

/* What is at stake at a provider whose purchases cannot all be decided. */
struct exposure_row {
	int64_t provider_id;
	int64_t amount; /* undecided and doubtful, wallet micros */
	bool is_busy;   /* a purchase is open there */
};
enum err reconcile_store_exposure(struct ctx *c, struct list *out) MUST_CHECK;

/* From here this purchase is the only one at its provider; else CONFLICT. */
enum err reconcile_store_alone(
    struct ctx *c, const char *attempt, const char *token) MUST_CHECK;
/* What the account has before the call, in its currency. */
enum err reconcile_store_balance(struct ctx *c, const char *attempt,
    const char *token, int64_t before) MUST_CHECK;

/* How the account of an attempt has moved since, by our books. */
struct account_moves {
	bool is_serial;
	bool is_known; /* there is a balance before */
	int64_t before;
	int64_t back;   /* more came back than was paid, wallet micros */
	int64_t n;      /* of that many transfers */
	bool is_unsure; /* something may have come back that is not booked */
};
enum err reconcile_store_moves(
    struct ctx *c, const char *attempt, struct account_moves *out) MUST_CHECK;

/* Orders that are missing in the queue are written again; `n` of them. */
enum err reconcile_store_requeue(struct ctx *c, int batch, int64_t *n)
    MUST_CHECK;

/* What is known of these numbers of a provider: struct known_row. */
struct known_row {
	const char *upstream_id;
	bool is_taken;   /* belongs to an attempt, or is given back */
	int64_t seen_at; /* first in a list, as one of nobody; 0 never */
};
enum err reconcile_store_known(struct ctx *c, int64_t provider,
    const struct listed_number *all, size_t n, struct list *out) MUST_CHECK;

/* Write down numbers of a provider's list that nobody here knows. */
enum err reconcile_store_listed(struct ctx *c, int64_t provider,
    const struct listed_number *all, size_t n) MUST_CHECK;
enum err reconcile_store_orphans(
    struct ctx *c, int batch, int64_t lease_ms, struct list *out) MUST_CHECK;
/* Those that are old and not decided, each once: struct orphan_row, no token.
 */
enum err reconcile_store_old_orphans(struct ctx *c, int batch, struct list *out)
    MUST_CHECK;
enum err reconcile_store_orphan_end(struct ctx *c, const struct orphan_end *end)
    MUST_CHECK;

/* For explaining one activation: its attempts and decisions in order. */
enum err reconcile_store_attempts(
    struct ctx *c, const char *activation, struct list *out) MUST_CHECK;
enum err reconcile_store_decisions(
    struct ctx *c, const char *activation, struct list *out) MUST_CHECK;

#endif
