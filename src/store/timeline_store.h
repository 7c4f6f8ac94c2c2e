/*
 * timeline_store - what happened to an activation: its changes, purchases,
 * money and SMS, in the order of their times.
 */
#ifndef STORE_TIMELINE_STORE_H
#define STORE_TIMELINE_STORE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct timeline_row {
	const char *kind; /* state, purchase, money, sms */
	int64_t at;
	const char *what;  /* the event, or what became of it */
	const char *state; /* of the activation after it; NULL unchanged */
	const char *actor, *cause;
	int64_t attempt; /* number of the purchase; 0 none */
	int64_t amount;  /* micros; 0 none */
	/* The provider's side; NULL and 0 for users. */
	const char *provider, *upstream_id;
	const char *request, *answer; /* of the purchase, without our key */
	int64_t http_status;
	const char *currency; /* of the provider, */
	int64_t fx_rate;      /* by which its cost was converted */
};

struct receipt_transfer {
	int64_t id;
	const char *kind;
	int64_t amount;
	int64_t created_at;
};

/* struct timeline_row; none when it is not this user's. User 0 sees all. */
enum err timeline_store_list(
    struct ctx *c, const char *id, int64_t user, struct list *out) MUST_CHECK;

/* struct receipt_transfer: the user's side of the money, in order. */
enum err timeline_store_transfers(
    struct ctx *c, const char *id, struct list *out) MUST_CHECK;

#endif
