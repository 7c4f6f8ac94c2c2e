/*
 * secret - bytes that must not be swapped, dumped or left behind: guarded,
 * locked memory (libsodium), wiped when freed. There is no way to print or
 * log a secret; a struct that holds one holds this.
 */
#ifndef CRYPTO_SECRET_H
#define CRYPTO_SECRET_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

struct secret {
	unsigned char *at;
	size_t size;
};

/* Zeroed memory for a secret; never fails (out of memory ends the process). */
struct secret secret_new(size_t size);

/* Wipe and give back; accepts an empty secret and leaves it empty. */
void secret_free(struct secret *s);

/* No more writing from here on: a stray write faults. */
void secret_lock(const struct secret *s);

/* Wipe these bytes of the arena when it is reset or freed. */
void secret_wipe_later(struct arena *mem, void *at, size_t n);

/* Overwrite now, in a way the compiler may not drop. */
void secret_wipe(void *at, size_t n);

/* Compare in a time that depends only on `n`. */
bool secret_eq(const void *a, const void *b, size_t n);

#endif
