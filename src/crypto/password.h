/*
 * password - Argon2id (RFC 9106) hashes in the PHC text form, by libsodium.
 *
 * One hash costs `memory` bytes and tens of milliseconds on purpose; callers
 * run where that cannot starve other work. Measured on 2 cores: 2 passes
 * over 19 MiB take 21 ms, over 64 MiB 81 ms.
 */
#ifndef CRYPTO_PASSWORD_H
#define CRYPTO_PASSWORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

#define PASSWORD_HASH_SIZE 128 /* crypto_pwhash_STRBYTES, with the NUL */

struct password_cost {
	int passes;    /* 1 .. 16 */
	size_t memory; /* bytes, 8 KiB .. 1 GiB */
};

/* Hash with a new salt. ERR_UNAVAILABLE when the memory cannot be had. */
enum err password_hash(struct ctx *c, const struct password_cost *cost,
    const char *password, char out[PASSWORD_HASH_SIZE]) MUST_CHECK;

/*
 * OK when `password` made `hash`, else ERR_BAD_LOGIN. `hash` NULL stands for
 * an unknown user: it is refused after the same work as a known one, so the
 * time says nothing.
 */
enum err password_verify(struct ctx *c, const struct password_cost *cost,
    const char *hash, const char *password) MUST_CHECK;

/* The hash was made at another cost than `cost`, or is not one of ours. */
bool password_is_outdated(const struct password_cost *cost, const char *hash);

#endif
