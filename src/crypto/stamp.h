/*
 * stamp - short texts that we hand out and believe when they come back:
 *
 *	base64url(text) "." base64url(HMAC-SHA-512/256 of the text)
 *
 * Each purpose has a sub-key of its own, so what was stamped for one is worth
 * nothing for another. The text can be read by whoever holds it.
 */
#ifndef CRYPTO_STAMP_H
#define CRYPTO_STAMP_H

#include <stddef.h>

#include "base/ctx.h"

struct keyring;

#define STAMP_TEXT_MAX  512  /* bytes */
#define STAMP_TOKEN_MAX 1024 /* bytes of a token we look at */

/* Part of the sub-keys: never renumbered. */
enum stamp_purpose { STAMP_QUOTE = 1 };

/* Stamp `n` bytes with the ring's first key; the token is in c->mem. */
const char *stamp_apply(struct ctx *c, const struct keyring *ring,
    enum stamp_purpose purpose, const char *text, size_t n);

/*
 * The text of a token that a key of the ring has stamped for this purpose, in
 * c->mem with a NUL behind it; ERR_UNAUTHENTIC for anything else.
 */
enum err stamp_open(struct ctx *c, const struct keyring *ring,
    enum stamp_purpose purpose, const char *token, const char **text, size_t *n)
    MUST_CHECK;

#endif
