/*
 * sign - signatures of what we send: Standard Webhooks 1.0.0, "v1".
 *
 * The receiver's secret is "whsec_" and the base64 of 32 bytes. Signed is
 * "id.timestamp.body", over the raw bytes of the body.
 */
#ifndef CRYPTO_SIGN_H
#define CRYPTO_SIGN_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

#define SIGN_SECRET_BYTES 32
#define SIGN_SECRET_SIZE  51 /* "whsec_", 44 characters, NUL */

/* A new secret as it is shown to the receiver. */
void sign_secret_new(char out[SIGN_SECRET_SIZE]);

/* What is signed: "id.timestamp.body". */
struct sign_message {
	const char *id;    /* webhook-id, without a dot; same over retries */
	int64_t timestamp; /* webhook-timestamp: the second of this attempt */
	const void *body;
	size_t size;
};

/*
 * The value of the webhook-signature header, "v1,<base64>", for one secret,
 * in c->mem. ERR_INTERNAL when the secret is not of the above form. A
 * message signed by several secrets joins the values with a blank.
 */
enum err sign_webhook(struct ctx *c, const char *secret,
    const struct sign_message *m, const char **out) MUST_CHECK;

#endif
