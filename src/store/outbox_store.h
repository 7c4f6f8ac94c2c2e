/*
 * outbox_store - calls that must be made to providers after a commit, and
 * the numbers to poll. A claim ends by itself; the token fences it.
 */
#ifndef STORE_OUTBOX_STORE_H
#define STORE_OUTBOX_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct outbox_row {
	const char *topic; /* cancel, finish, resend */
	const char *activation_id;
	const char *token;
	int64_t tries; /* this one included */
	int64_t user_id;
	int64_t number;
	const char *service, *country;
	int state; /* enum activation_state */
	int64_t provider_id;
	const char *upstream_id;
	const char *phone;
	bool has_sms;
	int64_t expires_at;
};

/* The end of a claim; delay_ms below 0: never again, an operator's matter. */
struct outbox_end {
	const char *topic;
	const char *activation_id;
	const char *token;
	int64_t delay_ms; /* of a retry */
	const char *error;
};

struct outbox_depth {
	const char *topic;
	int64_t waiting;
	int64_t dead;
	int64_t oldest_at;
};

/* A number whose provider is to be asked. */
struct poll_row {
	const char *activation_id;
	int64_t provider_id;
	const char *upstream_id;
	int64_t user_id;
	int64_t number;
	const char *service, *country;
	int state;
	bool has_sms;
	int64_t activated_at;
	int64_t expires_at;
	int64_t wait_ms;  /* above 0: taken by SQL, or not due by it */
	bool is_from_sql; /* its times stand in PostgreSQL at present */
	bool was_missing; /* its provider may have not known it of late */
};

struct poll_later {
	const char *activation_id;
	int64_t delay_ms;
};

struct outbox_claim {
	const char *const *topics;
	size_t topic_count;
	const char *holder;
	int batch;
	int64_t lease_ms; /* longer than the calls may take */
};

/* Take due calls: struct outbox_row. */
enum err outbox_store_claim(struct ctx *c, const struct outbox_claim *claim,
    struct list *out) MUST_CHECK;
/* Made: forget them. */
enum err outbox_store_done(
    struct ctx *c, const struct outbox_end *all, size_t n) MUST_CHECK;
/* Not made: again after delay_ms. */
enum err outbox_store_retry(
    struct ctx *c, const struct outbox_end *all, size_t n) MUST_CHECK;
/* struct outbox_depth per topic. */
enum err outbox_store_depth(struct ctx *c, struct list *out) MUST_CHECK;

/*
 * When polls are due stands in Redis (pollq_store) and, while that is away,
 * in PostgreSQL. Who turns to PostgreSQL first adopts the numbers that Redis
 * had: they become due evenly between one and two intervals from now, so
 * that the questions under way are answered before and nothing stampedes.
 */
enum err outbox_store_poll_adopt(
    struct ctx *c, const char *holder, int64_t interval_ms) MUST_CHECK;
/* Back to Redis; only rows that were adopted or taken are written. */
enum err outbox_store_poll_release(
    struct ctx *c, const char *const *ids, size_t n) MUST_CHECK;

/* Take numbers that are due: struct poll_row. */
enum err outbox_store_polls(struct ctx *c, const char *holder, int batch,
    int64_t lease_ms, struct list *out) MUST_CHECK;
enum err outbox_store_poll_later(
    struct ctx *c, const struct poll_later *all, size_t n) MUST_CHECK;
/* Their providers know these: what was counted as missing is forgotten. */
enum err outbox_store_poll_known(
    struct ctx *c, const char *const *ids, size_t n) MUST_CHECK;
/*
 * Up to `limit` of all that are polled, ids above `after` ("" from the
 * start), as struct poll_seat of pollq_store.
 */
enum err outbox_store_poll_list(
    struct ctx *c, const char *after, int limit, struct list *out) MUST_CHECK;
/* Those of these activations that are still to be polled, in this order. */
enum err outbox_store_poll_these(struct ctx *c, const char *const *ids,
    size_t n, struct list *out) MUST_CHECK;

#endif
