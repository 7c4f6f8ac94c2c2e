/*
 * webhook - one notice to a user's own system, by the Standard Webhooks
 * specification 1.0.0: webhook-id (the same over retries),
 * webhook-timestamp (of the attempt), webhook-signature over the raw bytes
 * "id.timestamp.body"; body {"type","timestamp","data"}.
 */
#ifndef DELIVER_WEBHOOK_H
#define DELIVER_WEBHOOK_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct webhook_notice {
	const char *id;              /* of the delivery */
	const char *type;            /* number.sms, number.active, ... */
	int64_t at;                  /* when it happened, us */
	const char *secret;          /* "whsec_..." */
	const struct schema *schema; /* of `data` */
	const void *data;
};

struct webhook_header {
	const char *name, *value;
};
#define WEBHOOK_HEADERS 4

struct webhook_message {
	const char *body;
	size_t body_size;
	struct webhook_header headers[WEBHOOK_HEADERS];
};

/* Write and sign it; everything lives in c->mem. */
enum err webhook_write(struct ctx *c, const struct webhook_notice *n,
    struct webhook_message *out) MUST_CHECK;

/* What the receiver's answer means for the delivery. */
enum webhook_verdict {
	WEBHOOK_DONE, /* 2xx */
	WEBHOOK_AGAIN,
	WEBHOOK_GONE /* 410: it wants no more */
};
enum webhook_verdict webhook_judge(int status);

/*
 * Milliseconds until the next try after `tries` of them, with a spread of
 * +-20 %; -1 when it is time to give up. `asked_ms` is the receiver's own
 * Retry-After (0 none), honoured between the plan and twice the plan.
 */
int64_t webhook_next_ms(int64_t tries, int64_t asked_ms);

#endif
