/*
 * activation_store - activations as their users see them. What changes them
 * is one call of a set-based function of sql/functions/20_activation.sql;
 * element i of the answer is element i of what was given.
 */
#ifndef STORE_ACTIVATION_STORE_H
#define STORE_ACTIVATION_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

enum activation_state {
	ACTIVATION_RESERVED,
	ACTIVATION_ACTIVE,
	ACTIVATION_COMPLETED,
	ACTIVATION_CANCELLING,
	ACTIVATION_CANCELLED,
	ACTIVATION_EXPIRED,
	ACTIVATION_FAILED
};
extern const char *const activation_state_names[]; /* ends with NULL */

struct activation_row {
	const char *id;
	int64_t number;
	int64_t user_id;
	const char *service;
	const char *country;
	const char *operator;
	const char *door; /* web, v1, handler_api, 5sim */
	int state;        /* enum activation_state */
	int64_t price;    /* held, then what is or will be charged */
	int64_t max_price;
	int64_t charged;
	int64_t provider_id;     /* 0 before it is active */
	const char *upstream_id; /* NULL before */
	const char *phone;       /* NULL before */
	int64_t cost;
	const char *cause; /* of the last change */
	const char *code;  /* the newest one; NULL none */
	int64_t created_at;
	int64_t activated_at; /* times: 0 not yet */
	int64_t expires_at;
	int64_t cancel_after; /* 0 at once */
	int64_t first_sms_at;
	int64_t closed_at;
	bool awaits_more; /* the last thing asked was a further SMS */
};

struct activation_event {
	int64_t seq;
	const char *event;
	const char *from_state; /* "" before the first */
	const char *to_state;
	const char *actor;
	const char *cause;
	int64_t at;
};

/* A number to reserve. */
struct activation_new {
	const char *id; /* a new UUID */
	int64_t user;
	const char *service;
	const char *country;
	const char *operator; /* "" any */
	int64_t hold;         /* the dearest price admitted */
	int64_t max_price;    /* the user's limit; 0 none */
	const char *door;
	const char *key;         /* Idempotency-Key; "" none */
	const char *fingerprint; /* of the request, with a key */
	const char *reply;       /* where the worker tells; "" nowhere */
};

struct activation_reserved {
	const char *status; /* ok, replay, or the name of an error */
	const char *id;     /* of the one that was made, also before */
	int64_t number;
	int state;
	int64_t created_at;
	int64_t answer_status; /* replay: the stored answer; 0 none yet */
	const char *answer;
};

/* What became of one element. */
struct activation_change {
	const char *status; /* ok, or the name of an error */
	const char *id;     /* NULL: not found */
	int64_t user_id;
	int state;
	int64_t cancel_after;
};

enum activation_early { ACTIVATION_SCHEDULE, ACTIVATION_REFUSE };

enum err activation_store_reserve(struct ctx *c,
    const struct activation_new *all, size_t n, int64_t most_active,
    struct list *out) MUST_CHECK;

/* `found` is false when it is not this user's; user 0 sees all. */
enum err activation_store_find(struct ctx *c, const char *id, int64_t user,
    struct activation_row *out, bool *found) MUST_CHECK;
enum err activation_store_find_number(struct ctx *c, int64_t number,
    int64_t user, struct activation_row *out, bool *found) MUST_CHECK;

/*
 * struct activation_row of a user, newest first, those before `before` (an
 * id, "" from the start); `state` is one of the names, "" all.
 */
enum err activation_store_list(struct ctx *c, int64_t user, const char *state,
    const char *before, int limit, struct list *out) MUST_CHECK;

/* struct activation_event in order. */
enum err activation_store_events(
    struct ctx *c, const char *id, struct list *out) MUST_CHECK;

/*
 * The changes a user asks for (user 0: the system); struct
 * activation_change each, errors per element in its status.
 */
enum err activation_store_cancel(struct ctx *c, const char *id, int64_t user,
    enum activation_early early, struct activation_change *out) MUST_CHECK;
enum err activation_store_abandon(struct ctx *c, const char *id, int64_t user,
    struct activation_change *out) MUST_CHECK;
enum err activation_store_finish(struct ctx *c, const char *id, int64_t user,
    struct activation_change *out) MUST_CHECK;
enum err activation_store_resend(struct ctx *c, const char *id, int64_t user,
    struct activation_change *out) MUST_CHECK;

enum err activation_store_report(struct ctx *c, const char *id, int64_t user,
    const char *why, struct activation_change *out) MUST_CHECK;

/* What the provider said about the end of numbers. */
struct activation_ended {
	const char *id;
	const char *refunded; /* yes, no, unknown */
	const char *cause;
};
enum err activation_store_end(struct ctx *c, const struct activation_ended *all,
    size_t n, struct list *out) MUST_CHECK;

/*
 * Providers did not know these; struct activation_change of those that this
 * ended: the third such answer in a row does.
 */
enum err activation_store_missing(struct ctx *c, const char *const *ids,
    size_t n, struct list *out) MUST_CHECK;

/* The sweep; struct activation_change of those that changed. */
enum err activation_store_expire(struct ctx *c, int batch, struct list *out)
    MUST_CHECK;

#endif
