/*
 * receipt - proof of what a number cost, for its user: a signed envelope
 * (crypto/envelope.h) about a number that is over. It says what was leased,
 * what was charged and which transfers did so, and is verified with our
 * public key alone, by anyone, without asking us.
 */
#ifndef SERVICE_RECEIPT_H
#define SERVICE_RECEIPT_H

#include <stddef.h>

#include "base/ctx.h"
#include "io/schema.h"

#define RECEIPT_MEDIA "application/vnd.dsse.envelope.v1+json"

/*
 * The receipt of a number of c->user as JSON text, in c->mem.
 * ERR_NOT_FOUND; ERR_CONFLICT while the number is not over.
 */
enum err receipt_make(struct ctx *c, const char *id, const char **text)
    MUST_CHECK;

struct receipt_key {
	const char *id;
	const char *public_key; /* base64 of 32 bytes */
};

/* struct receipt_key of all keys in the file keys.receipt, that of new
 * receipts first. */
void receipt_keys(struct ctx *c, struct list *out);

/*
 * Check a receipt with one public key (base64); *body is what it says, as
 * JSON. ERR_BAD_REQUEST or ERR_BAD_INPUT for what is no receipt,
 * ERR_UNAUTHENTIC for one that this key has not signed.
 */
enum err receipt_verify(struct ctx *c, const char *text, size_t n,
    const char *public_key, const char **body) MUST_CHECK;

#endif
