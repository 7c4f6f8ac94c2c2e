#include "crypto/envelope.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/law.h"
#include "base/text.h"
#include "crypto/keyring.h"

#define B64 sodium_base64_VARIANT_ORIGINAL

static const char *
encode(struct ctx *c, const void *bytes, size_t n)
{
	size_t size = sodium_base64_ENCODED_LEN(n, B64);
	char *out = arena_alloc(c->mem, 1, size);

	return sodium_bin2base64(out, size, bytes, n, B64);
}

/* Pre-authentication encoding of the specification. */
static struct buf
encode_signed(struct ctx *c, const char *type, const void *body, size_t n)
{
	struct buf b;

	buf_init(&b, c->mem);
	buf_fmt(&b, "DSSEv1 %zu %s %zu ", strlen(type), type, n);
	buf_add(&b, body, n);
	return b;
}

static void
key_pair(const struct keyring *ring, size_t n,
    unsigned char pk[crypto_sign_PUBLICKEYBYTES],
    unsigned char sk[crypto_sign_SECRETKEYBYTES])
{
	const unsigned char *seed = keyring_find(ring, keyring_id(ring, n));

	_Static_assert(KEYRING_KEY_SIZE == crypto_sign_SEEDBYTES,
	    "a key of the ring is a seed");
	law(seed != NULL);
	law(crypto_sign_seed_keypair(pk, sk, seed) == 0);
}

void
envelope_sign(struct ctx *c, const struct keyring *ring, const char *type,
    const void *body, size_t n, struct envelope *out)
{
	unsigned char pk[crypto_sign_PUBLICKEYBYTES];
	unsigned char sk[crypto_sign_SECRETKEYBYTES];
	unsigned char sig[crypto_sign_BYTES];
	struct buf text = encode_signed(c, type, body, n);

	key_pair(ring, 0, pk, sk);
	law(crypto_sign_detached(
		sig, NULL, (const unsigned char *)text.at, text.len, sk) == 0);
	sodium_memzero(sk, sizeof(sk));
	*out = (struct envelope){.type = type,
	    .payload = encode(c, body, n),
	    .key_id = arena_fmt(c->mem, "%" PRIu32, keyring_id(ring, 0)),
	    .signature = encode(c, sig, sizeof(sig))};
}

/* Exactly `size` bytes from base64. */
static bool
decode(const char *text, unsigned char *out, size_t size)
{
	size_t n = 0;

	return sodium_base642bin(
		   out, size, text, strlen(text), NULL, &n, NULL, B64) == 0 &&
	    n == size;
}

enum err
envelope_open(struct ctx *c, const struct envelope *in, const char *type,
    const char *public_key, const char **body, size_t *n)
{
	unsigned char pk[crypto_sign_PUBLICKEYBYTES];
	unsigned char sig[crypto_sign_BYTES];
	size_t most = strlen(in->payload) + 1;
	char *bytes = arena_alloc(c->mem, 1, most);
	struct buf text;

	if (!text_eq(in->type, type))
		return fail(c, ERR_BAD_INPUT, "the payload is a %s", in->type);
	if (!decode(public_key, pk, sizeof(pk)))
		return fail(c, ERR_BAD_INPUT, "the public key is malformed");
	if (!decode(in->signature, sig, sizeof(sig)))
		return fail(c, ERR_BAD_INPUT, "the signature is malformed");
	if (sodium_base642bin((unsigned char *)bytes, most - 1, in->payload,
		strlen(in->payload), NULL, n, NULL, B64) != 0)
		return fail(c, ERR_BAD_INPUT, "the payload is no base64");
	text = encode_signed(c, type, bytes, *n);
	if (crypto_sign_verify_detached(
		sig, (const unsigned char *)text.at, text.len, pk) != 0)
		return fail(c, ERR_UNAUTHENTIC, "the signature is wrong");
	bytes[*n] = '\0';
	*body = bytes;
	return OK;
}

void
envelope_public_key(
    const struct keyring *ring, size_t n, char out[ENVELOPE_KEY_SIZE])
{
	unsigned char pk[crypto_sign_PUBLICKEYBYTES];
	unsigned char sk[crypto_sign_SECRETKEYBYTES];

	key_pair(ring, n, pk, sk);
	sodium_memzero(sk, sizeof(sk));
	(void)sodium_bin2base64(out, ENVELOPE_KEY_SIZE, pk, sizeof(pk), B64);
}
