#include "crypto/digest.h"

#include <sodium.h>

#include "base/law.h"

_Static_assert(DIGEST_SIZE == crypto_hash_sha256_BYTES, "SHA-256");
_Static_assert(DIGEST_SIZE == crypto_auth_hmacsha256_BYTES, "HMAC-SHA256");

void
digest_sha256(const void *bytes, size_t n, unsigned char out[DIGEST_SIZE])
{
	law(crypto_hash_sha256(out, bytes, n) == 0);
}

void
digest_hmac(const unsigned char *key, size_t key_size, const void *bytes,
    size_t n, unsigned char out[DIGEST_SIZE])
{
	crypto_auth_hmacsha256_state st;

	law(crypto_auth_hmacsha256_init(&st, key, key_size) == 0);
	law(crypto_auth_hmacsha256_update(&st, bytes, n) == 0);
	law(crypto_auth_hmacsha256_final(&st, out) == 0);
	sodium_memzero(&st, sizeof(st));
}

void
digest_print(const unsigned char digest[DIGEST_SIZE], char out[DIGEST_HEX_SIZE])
{
	(void)sodium_bin2hex(out, DIGEST_HEX_SIZE, digest, DIGEST_SIZE);
}
