/*
 * message_store - SMS. Storing one is what charges for a number: the first
 * of an activation captures its hold, in the same transaction.
 */
#ifndef STORE_MESSAGE_STORE_H
#define STORE_MESSAGE_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct message_new {
	const char *activation_id;
	const char *upstream_id; /* the provider's id of it, or what else names
				  * it there; NULL nothing */
	const char *sender;
	const char *text;
	const char *code;    /* NULL none found */
	int64_t received_at; /* us; 0 the provider does not say */
};

struct message_stored {
	const char *status; /* ok, duplicate, conflict (no number), not_found */
	int64_t message_id;
	const char *activation_id;
	int64_t user_id;
	int64_t number;
	int state; /* enum activation_state, afterwards */
	int64_t charged;
};

struct message_row {
	int64_t id;
	const char *activation_id;
	const char *sender;
	const char *text;
	const char *code; /* NULL none */
	bool is_free;     /* came after the release */
	int64_t received_at;
};

/* struct message_stored, element by element. Batches of 100 to 500 pay. */
enum err message_store_add(struct ctx *c, const struct message_new *all,
    size_t n, struct list *out) MUST_CHECK;

/* struct message_row of these activations, oldest first within each. */
enum err message_store_list(struct ctx *c, const char *const *activations,
    size_t n, struct list *out) MUST_CHECK;

#endif
