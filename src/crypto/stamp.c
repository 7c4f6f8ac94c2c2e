#include "crypto/stamp.h"

#include <stdbool.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/law.h"
#include "crypto/keyring.h"

#define B64        sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define TAG_SIZE   crypto_auth_BYTES
#define B64_SIZE_N sodium_base64_ENCODED_LEN

_Static_assert(KEYRING_KEY_SIZE == crypto_kdf_KEYBYTES, "derivation");
_Static_assert(B64_SIZE_N(STAMP_TEXT_MAX, B64) + B64_SIZE_N(TAG_SIZE, B64) <=
	STAMP_TOKEN_MAX,
    "a token of the longest text is looked at");

static void
derive(const unsigned char *master, enum stamp_purpose purpose,
    unsigned char out[crypto_auth_KEYBYTES])
{
	law(crypto_kdf_derive_from_key(out, crypto_auth_KEYBYTES,
		(uint64_t)purpose, "nl_stamp", master) == 0);
}

const char *
stamp_apply(struct ctx *c, const struct keyring *ring,
    enum stamp_purpose purpose, const char *text, size_t n)
{
	char text64[B64_SIZE_N(STAMP_TEXT_MAX, B64)];
	char tag64[B64_SIZE_N(TAG_SIZE, B64)];
	unsigned char key[crypto_auth_KEYBYTES];
	unsigned char tag[TAG_SIZE];

	law(n <= STAMP_TEXT_MAX);
	derive(keyring_find(ring, keyring_id(ring, 0)), purpose, key);
	law(crypto_auth(tag, (const unsigned char *)text, n, key) == 0);
	sodium_memzero(key, sizeof(key));
	(void)sodium_bin2base64(
	    text64, sizeof(text64), (const unsigned char *)text, n, B64);
	(void)sodium_bin2base64(tag64, sizeof(tag64), tag, TAG_SIZE, B64);
	return arena_fmt(c->mem, "%s.%s", text64, tag64);
}

/* Is the tag one of any of our keys? All are tried, whichever fits. */
static bool
is_ours(const struct keyring *ring, enum stamp_purpose purpose,
    const unsigned char *text, size_t n, const unsigned char tag[TAG_SIZE])
{
	unsigned char key[crypto_auth_KEYBYTES];
	bool ours = false;

	for (size_t i = 0; i < keyring_count(ring); i++) {
		derive(keyring_find(ring, keyring_id(ring, i)), purpose, key);
		ours |= crypto_auth_verify(tag, text, n, key) == 0;
	}
	sodium_memzero(key, sizeof(key));
	return ours;
}

enum err
stamp_open(struct ctx *c, const struct keyring *ring,
    enum stamp_purpose purpose, const char *token, const char **text, size_t *n)
{
	unsigned char *out = arena_alloc(c->mem, STAMP_TEXT_MAX + 1, 1);
	unsigned char tag[TAG_SIZE];
	size_t size = strnlen(token, STAMP_TOKEN_MAX + 1);
	const char *dot = memchr(token, '.', size);
	size_t tag_size = 0;

	*n = 0;
	if (size > STAMP_TOKEN_MAX || dot == NULL)
		return fail(c, ERR_UNAUTHENTIC, "stamp: not of this form");
	if (sodium_base642bin(out, STAMP_TEXT_MAX, token, (size_t)(dot - token),
		NULL, n, NULL, B64) != 0 ||
	    sodium_base642bin(tag, TAG_SIZE, dot + 1,
		size - (size_t)(dot + 1 - token), NULL, &tag_size, NULL,
		B64) != 0 ||
	    tag_size != TAG_SIZE)
		return fail(c, ERR_UNAUTHENTIC, "stamp: not base64url");
	if (!is_ours(ring, purpose, out, *n, tag))
		return fail(c, ERR_UNAUTHENTIC, "stamp: not of our keys");
	out[*n] = '\0';
	*text = (const char *)out;
	return OK;
}
