/*
 * seal - secrets at rest: XChaCha20-Poly1305 (IETF) under the master key.
 *
 *	byte 0     1, the form
 *	1 .. 4     key id, big endian
 *	5 .. 28    nonce, random
 *	29 ..      ciphertext and 16 bytes of tag
 *
 * The place, "table:row:column", is authenticated with the text: a sealed
 * value that was moved to another row or column does not open.
 */
#ifndef CRYPTO_SEAL_H
#define CRYPTO_SEAL_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct keyring;

#define SEAL_OVERHEAD 45        /* bytes a sealed value is longer */
#define SEAL_MAX      (1 << 20) /* bytes of plain text */

struct seal_place {
	const char *table;
	const char *row; /* the row's key as text */
	const char *column;
};

struct sealed {
	const unsigned char *at; /* in c->mem */
	size_t size;
};

/* Seal `n` bytes with the ring's first key. Cannot fail. */
struct sealed seal_apply(struct ctx *c, const struct keyring *ring,
    const struct seal_place *place, const void *plain, size_t n);

/*
 * Open into c->mem; the plain text has a NUL behind it and is wiped when the
 * arena is. ERR_INTERNAL when it was changed, moved, or made by a key that
 * is not in the ring.
 */
enum err seal_open(struct ctx *c, const struct keyring *ring,
    const struct seal_place *place, const struct sealed *in, char **out,
    size_t *n_out) MUST_CHECK;

/* The key id of a sealed value; 0 when it is none. */
uint32_t seal_key_id(const struct sealed *in);

/*
 * The canary is a constant, sealed once and kept in the database: a process
 * whose master key does not open it must refuse to start.
 */
struct sealed seal_canary_new(struct ctx *c, const struct keyring *ring);
enum err seal_canary_open(struct ctx *c, const struct keyring *ring,
    const struct sealed *in) MUST_CHECK;

#endif
