/* digest - SHA-256 and HMAC-SHA256 (RFC 2104) over bytes, and hex. */
#ifndef CRYPTO_DIGEST_H
#define CRYPTO_DIGEST_H

#include <stddef.h>

#define DIGEST_SIZE     32
#define DIGEST_HEX_SIZE (2 * DIGEST_SIZE + 1)

void digest_sha256(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE]);

void digest_hmac(const unsigned char *key, size_t key_size, const void *bytes,
    size_t n, unsigned char out[DIGEST_SIZE]);

/* Lower-case hex, for names and keys of caches. */
void digest_print(
    const unsigned char digest[DIGEST_SIZE], char out[DIGEST_HEX_SIZE]);

#endif
