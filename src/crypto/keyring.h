/*
 * keyring - the keys of one purpose, read from a file:
 *
 *	# numlease key file
 *	2 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
 *	1 60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752
 *
 * Each line is an id (1 .. 2^32-1) and 32 bytes in hex. The first key makes
 * new tokens and seals; the others only check and open what they once made.
 *
 * The file must be regular and belong to root or to the process's user; no
 * one else may read it, except the group of a file that belongs to root.
 */
#ifndef CRYPTO_KEYRING_H
#define CRYPTO_KEYRING_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

#define KEYRING_MAX      8
#define KEYRING_KEY_SIZE 32

struct keyring;

/* ERR_INTERNAL, with the reason, for a file that is not as above. */
enum err keyring_open(struct ctx *c, const char *path, struct keyring **out)
    MUST_CHECK;

/* Wipe; sets *ring to NULL, accepts NULL. */
void keyring_close(struct keyring **ring);

size_t keyring_count(const struct keyring *ring);

/* Id of the n-th key, the first being the one for new values. */
uint32_t keyring_id(const struct keyring *ring, size_t n);

/* KEYRING_KEY_SIZE bytes, or NULL when the ring has no key of this id. */
const unsigned char *keyring_find(const struct keyring *ring, uint32_t id);

/*
 * Make a file with one new key, id 1, mode 0600. ERR_CONFLICT when the path
 * exists already: a key is never overwritten.
 */
enum err keyring_add_file(struct ctx *c, const char *path) MUST_CHECK;

#endif
