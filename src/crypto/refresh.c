#include "crypto/refresh.h"

#include <stdio.h>
#include <string.h>

#include <sodium.h>

#include "base/law.h"
#include "crypto/keyring.h"

#define B64         sodium_base64_VARIANT_URLSAFE_NO_PADDING
#define ID_BYTES    16
#define SECRET_SIZE 32
#define TAG_SIZE    16

struct body {
	unsigned char id[ID_BYTES];
	unsigned char secret[SECRET_SIZE];
	unsigned char tag[TAG_SIZE];
};

/* What a key is derived for; part of the stored form, never renumbered. */
enum use { USE_TAG = 1, USE_NEXT = 2 };

_Static_assert(sizeof(struct body) == 64, "no padding inside");
_Static_assert(KEYRING_KEY_SIZE == crypto_kdf_KEYBYTES, "derivation");

/* HMAC of session and secret under the sub-key of this use. */
static void
mac(const unsigned char *master, enum use use, const struct body *b,
    unsigned char out[DIGEST_SIZE])
{
	unsigned char key[DIGEST_SIZE];

	law(crypto_kdf_derive_from_key(
		key, sizeof(key), (uint64_t)use, "nl_refr_", master) == 0);
	digest_hmac(key, sizeof(key), b, ID_BYTES + SECRET_SIZE, out);
	sodium_memzero(key, sizeof(key));
}

static void
print(const struct keyring *ring, struct body *b, char out[REFRESH_SIZE])
{
	unsigned char digest[DIGEST_SIZE];

	mac(keyring_find(ring, keyring_id(ring, 0)), USE_TAG, b, digest);
	memcpy(b->tag, digest, TAG_SIZE);
	(void)sodium_bin2base64(
	    out, REFRESH_SIZE, (const unsigned char *)b, sizeof(*b), B64);
	law(strlen(out) == REFRESH_SIZE - 1);
	sodium_memzero(b, sizeof(*b));
}

static void
id_parse(const char *text, unsigned char out[ID_BYTES])
{
	size_t n = 0;

	law(id_is_valid(text));
	law(sodium_hex2bin(out, ID_BYTES, text, ID_SIZE - 1, "-", &n, NULL) ==
		0 &&
	    n == ID_BYTES);
}

static void
id_print(const unsigned char id[ID_BYTES], char out[ID_SIZE])
{
	char hex[2 * ID_BYTES + 1];

	(void)sodium_bin2hex(hex, sizeof(hex), id, ID_BYTES);
	(void)snprintf(out, ID_SIZE, "%.8s-%.4s-%.4s-%.4s-%.12s", hex, hex + 8,
	    hex + 12, hex + 16, hex + 20);
}

static bool
read_body(const char *token, struct body *b)
{
	size_t n = 0;

	return strnlen(token, REFRESH_SIZE) == REFRESH_SIZE - 1 &&
	    sodium_base642bin((unsigned char *)b, sizeof(*b), token,
		REFRESH_SIZE - 1, NULL, &n, NULL, B64) == 0 &&
	    n == sizeof(*b);
}

void
refresh_new(
    const struct keyring *ring, const char *session, char out[REFRESH_SIZE])
{
	struct body b;

	id_parse(session, b.id);
	randombytes_buf(b.secret, sizeof(b.secret));
	print(ring, &b, out);
}

void
refresh_next(
    const struct keyring *ring, const char *token, char out[REFRESH_SIZE])
{
	unsigned char secret[DIGEST_SIZE];
	struct body b;

	law(read_body(token, &b));
	mac(keyring_find(ring, keyring_id(ring, 0)), USE_NEXT, &b, secret);
	memcpy(b.secret, secret, SECRET_SIZE);
	print(ring, &b, out);
	sodium_memzero(secret, sizeof(secret));
}

bool
refresh_parse(
    const struct keyring *ring, const char *token, char session[ID_SIZE])
{
	unsigned char digest[DIGEST_SIZE];
	struct body b;
	bool ours = false;

	if (!read_body(token, &b))
		return false;
	for (size_t i = 0; i < keyring_count(ring); i++) {
		mac(keyring_find(ring, keyring_id(ring, i)), USE_TAG, &b,
		    digest);
		ours |= sodium_memcmp(digest, b.tag, TAG_SIZE) == 0;
	}
	if (ours)
		id_print(b.id, session);
	sodium_memzero(&b, sizeof(b));
	return ours;
}

void
refresh_hash(const char *token, unsigned char out[DIGEST_SIZE])
{
	digest_sha256(token, strlen(token), out);
}
