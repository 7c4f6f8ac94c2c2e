/*
 * refresh - tokens that continue a session, base64url of
 *
 *	session 16 bytes | secret 32 bytes | tag 16 bytes
 *
 * The first secret is random; the next one is derived from it with a key
 * that only we have, so that the same exchange asked for twice (a lost
 * answer) gives the same successor without storing it. The tag proves that
 * a token was ours even when it is long out of use: a stranger who knows a
 * session's id cannot pretend its reuse.
 *
 * Stored is only the SHA-256 of the current token and the one before.
 */
#ifndef CRYPTO_REFRESH_H
#define CRYPTO_REFRESH_H

#include <stdbool.h>

#include "base/id.h"
#include "crypto/digest.h"

struct keyring;

#define REFRESH_SIZE 87 /* 86 characters and the NUL */

/* A token for a new session; `session` is a UUID. */
void refresh_new(
    const struct keyring *ring, const char *session, char out[REFRESH_SIZE]);

/* The successor of a token that refresh_parse() has accepted. */
void refresh_next(
    const struct keyring *ring, const char *token, char out[REFRESH_SIZE]);

/* True when the token is of our making; then `session` is set. */
bool refresh_parse(
    const struct keyring *ring, const char *token, char session[ID_SIZE]);

/* What is stored of a token. */
void refresh_hash(const char *token, unsigned char out[DIGEST_SIZE]);

#endif
