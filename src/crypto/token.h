/*
 * token - access tokens: JWT (RFC 7519), HS256, checked by libjwt
 * behind a door that does not trust it.
 *
 * libjwt 1.10 checks no exp, iss or aud, takes the algorithm from the token,
 * accepts unsigned tokens when there is no key, and can answer "fine" when
 * an allocation failed. So a token is accepted only when
 *   - its header segment is, byte for byte, one that we issue (one per key);
 *   - the key is ours, never absent, and libjwt verified an HS256 signature;
 *   - every claim is present and in range; and
 *   - its payload segment is, byte for byte, what we would print for these
 *     claims: no further, repeated or differently typed member can hide.
 */
#ifndef CRYPTO_TOKEN_H
#define CRYPTO_TOKEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct keyring;

#define TOKEN_MAX      2048 /* bytes of a token we look at */
#define TOKEN_SKEW     30   /* s, clocks of our own machines */
#define TOKEN_TTL_MAX  900  /* s */
#define TOKEN_ISSUER   "numlease"
#define TOKEN_AUDIENCE "numlease-api"

struct token_claims {
	int64_t user;        /* sub */
	const char *session; /* sid, a UUID */
	int64_t version;     /* ver, of the user's credentials */
	bool admin;          /* role; a hint, privileges are read again */
	int64_t issued;      /* iat, s since the epoch */
	int64_t expires;     /* exp */
	const char *id;      /* jti; made by token_issue */
};

/*
 * Sign a token for `claims` (its id is ignored) with the ring's first key.
 * The text lives in c->mem.
 */
enum err token_issue(struct ctx *c, const struct keyring *ring,
    const struct token_claims *claims, const char **out) MUST_CHECK;

/*
 * Check `token` at `now` (s since the epoch). Whatever is wrong with it is
 * ERR_UNAUTHENTIC; the private reason tells.
 */
enum err token_verify(struct ctx *c, const struct keyring *ring,
    const char *token, int64_t now, struct token_claims *out) MUST_CHECK;

#endif
