/*
 * envelope - documents that others verify without asking us: DSSE 1.0 (Dead
 * Simple Signing Envelope), signed with Ed25519 (RFC 8032).
 *
 *	{"payloadType":"...","payload":"<base64>",
 *	 "signatures":[{"keyid":"1","sig":"<base64>"}]}
 *
 * Signed is "DSSEv1 <len> <type> <len> <body>" over the decoded payload, so
 * what is verified is what is read. The ring's keys are the seeds (RFC 8032,
 * 5.1.5); the id of the key in the ring is its keyid.
 */
#ifndef CRYPTO_ENVELOPE_H
#define CRYPTO_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct keyring;

#define ENVELOPE_KEY_SIZE 45 /* base64 of 32 bytes, NUL */
#define ENVELOPE_SIG_SIZE 89 /* base64 of 64 bytes, NUL */

struct envelope {
	const char *type;
	const char *payload; /* base64 */
	const char *key_id;
	const char *signature; /* base64 */
};

/* Sign `n` bytes with the first key of the ring; all texts are in c->mem. */
void envelope_sign(struct ctx *c, const struct keyring *ring, const char *type,
    const void *body, size_t n, struct envelope *out);

/*
 * Check that `public_key` (base64) signed it as `type`; *body is the payload,
 * NUL-terminated, in c->mem. ERR_BAD_INPUT for what is not base64 or of
 * another type, ERR_UNAUTHENTIC when the signature is wrong.
 */
enum err envelope_open(struct ctx *c, const struct envelope *in,
    const char *type, const char *public_key, const char **body, size_t *n)
    MUST_CHECK;

/* The public key (base64) of the n-th key of the ring. */
void envelope_public_key(
    const struct keyring *ring, size_t n, char out[ENVELOPE_KEY_SIZE]);

#endif
