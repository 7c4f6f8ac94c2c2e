/*
 * credential - random keys handed to programs, of which only the SHA-256 is
 * kept. All have more than 128 bits of entropy, so a plain
 * fast hash is enough and a look-up by it reveals nothing.
 *
 *	API key         nl_live_ID_SECRET      190 bits   header
 *	                (8 and 32 base62)
 *	compat key      32 base62              190 bits   query of the old doors
 */
#ifndef CRYPTO_CREDENTIAL_H
#define CRYPTO_CREDENTIAL_H

#include <stdbool.h>

#include "crypto/digest.h"

#define CREDENTIAL_SIZE        64 /* enough for each kind, with the NUL */
#define CREDENTIAL_PREFIX_SIZE 17 /* "nl_live_" and 8, with the NUL */
#define CREDENTIAL_LIVE        "nl_live_"

enum credential {
	CREDENTIAL_UNSET,
	CREDENTIAL_LIVE_KEY,
	CREDENTIAL_COMPAT_KEY
};

/* A new secret of the kind. */
void credential_new(enum credential kind, char out[CREDENTIAL_SIZE]);

/* The text has exactly the form of the kind; says nothing about validity. */
bool credential_is(enum credential kind, const char *text);

/*
 * What may be shown of a key to tell it from others: "nl_live_" with its 8
 * characters of public id, or the first 4 of a compat key.
 */
void credential_prefix(
    enum credential kind, const char *text, char out[CREDENTIAL_PREFIX_SIZE]);

/* What is stored instead of the text. */
void credential_hash(const char *text, unsigned char out[DIGEST_SIZE]);

#endif
