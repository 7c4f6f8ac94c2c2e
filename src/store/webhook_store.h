/*
 * webhook_store - users' endpoints, and the notices on their way to them.
 * Notices are queued by the triggers on activations and messages.
 */
#ifndef STORE_WEBHOOK_STORE_H
#define STORE_WEBHOOK_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct endpoint_row {
	const char *id;
	const char *url;
	bool enabled;
	int64_t created_at;
};

struct endpoint_new {
	const char *id; /* a new UUID */
	int64_t user;
	const char *url;
	const unsigned char *secret; /* sealed */
	size_t secret_size;
	int64_t most; /* endpoints a user may have */
};

/* A notice to send, with all that is needed to write it. */
struct delivery_row {
	const char *id;
	const char *token;
	int64_t tries;    /* this one included */
	const char *kind; /* number.sms, number.active, ... */
	int64_t created_at;
	const char *endpoint_id;
	const char *url;
	const char *secret; /* sealed; bytes by db_bytes() */
	int64_t user_id;
	const char *activation_id;
	int64_t number;
	const char *service, *country, *operator;
	const char *phone; /* NULL: there is none */
	int state;         /* enum activation_state, now */
	int64_t price;
	int64_t charged;
	int64_t message_id; /* of number.sms; else 0 and no text */
	const char *sender, *text, *code;
	int64_t received_at;
};

struct delivery_end {
	const char *id;
	const char *token;
	int64_t http_status; /* 0: no answer */
	const char *error;   /* "" none */
	int64_t took_ms;
	int64_t next_ms; /* 0 done, > 0 again after that, < 0 never again */
};

/* struct endpoint_row, oldest first. */
enum err webhook_store_list(struct ctx *c, int64_t user, struct list *out)
    MUST_CHECK;
/* `added` is false when the user has as many as allowed. */
enum err webhook_store_add(struct ctx *c, const struct endpoint_new *e,
    struct endpoint_row *out, bool *added) MUST_CHECK;
/* ERR_NOT_FOUND when it is not this user's. */
enum err webhook_store_remove(struct ctx *c, const char *id, int64_t user)
    MUST_CHECK;

/* The sealed secret of a delivery's endpoint, in c->mem. */
enum err webhook_store_secret(struct ctx *c, const struct delivery_row *row,
    const unsigned char **out, size_t *n) MUST_CHECK;

/* Take due notices: struct delivery_row. */
enum err webhook_store_claim(
    struct ctx *c, int batch, int64_t lease_ms, struct list *out) MUST_CHECK;
enum err webhook_store_settle(
    struct ctx *c, const struct delivery_end *all, size_t n) MUST_CHECK;

#endif
