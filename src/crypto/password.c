#include "crypto/password.h"

#include <string.h>

#include <sodium.h>

#include "base/law.h"

_Static_assert(PASSWORD_HASH_SIZE == crypto_pwhash_STRBYTES,
    "the hash buffer follows libsodium");

#define MEMORY_MAX ((size_t)1 << 30)

static void
start(const struct password_cost *cost)
{
	law(sodium_init() >= 0);
	law(cost->passes >= 1 && cost->passes <= 16);
	law(cost->memory >= crypto_pwhash_MEMLIMIT_MIN &&
	    cost->memory <= MEMORY_MAX);
}

enum err
password_hash(struct ctx *c, const struct password_cost *cost,
    const char *password, char out[PASSWORD_HASH_SIZE])
{
	start(cost);
	if (crypto_pwhash_str_alg(out, password, strlen(password),
		(unsigned long long)cost->passes, cost->memory,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		return fail(c, ERR_UNAVAILABLE, "no memory for argon2id");
	return OK;
}

/* The work of one verification, for a user who does not exist. */
static enum err
verify_nobody(
    struct ctx *c, const struct password_cost *cost, const char *password)
{
	static const unsigned char salt[crypto_pwhash_SALTBYTES];
	unsigned char hash[32];

	if (crypto_pwhash(hash, sizeof(hash), password, strlen(password), salt,
		(unsigned long long)cost->passes, cost->memory,
		crypto_pwhash_ALG_ARGON2ID13) != 0)
		return fail(c, ERR_UNAVAILABLE, "no memory for argon2id");
	sodium_memzero(hash, sizeof(hash));
	return fail(c, ERR_BAD_LOGIN, "no such user");
}

enum err
password_verify(struct ctx *c, const struct password_cost *cost,
    const char *hash, const char *password)
{
	start(cost);
	if (hash == NULL)
		return verify_nobody(c, cost, password);
	/* A failed allocation reads as a wrong password: closed, not open. */
	if (crypto_pwhash_str_verify(hash, password, strlen(password)) != 0)
		return fail(c, ERR_BAD_LOGIN, "wrong password");
	return OK;
}

bool
password_is_outdated(const struct password_cost *cost, const char *hash)
{
	start(cost);
	return crypto_pwhash_str_needs_rehash(
		   hash, (unsigned long long)cost->passes, cost->memory) != 0;
}
