#include "crypto/seal.h"

#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/law.h"
#include "crypto/keyring.h"
#include "crypto/secret.h"

#define FORM        1
#define ID_AT       1
#define NONCE_AT    5
#define BOX_AT      (NONCE_AT + NONCE_SIZE)
#define NONCE_SIZE  crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
#define TAG_SIZE    crypto_aead_xchacha20poly1305_ietf_ABYTES
#define KEY_SIZE    crypto_aead_xchacha20poly1305_ietf_KEYBYTES
#define CANARY_TEXT "the canary sings"

_Static_assert(BOX_AT + TAG_SIZE == SEAL_OVERHEAD, "documented size");
_Static_assert(KEYRING_KEY_SIZE == crypto_kdf_KEYBYTES, "master key");

static const struct seal_place canary_place = {"canary", "1", "sealed"};

/* The master key never encrypts itself: other uses get other sub-keys. */
static void
derive(const unsigned char *master, unsigned char out[KEY_SIZE])
{
	law(crypto_kdf_derive_from_key(out, KEY_SIZE, 1, "nl_seal_", master) ==
	    0);
}

static const char *
print_place(struct ctx *c, const struct seal_place *p)
{
	/* Without a colon inside a part no two places read the same. */
	law(strchr(p->table, ':') == NULL && strchr(p->row, ':') == NULL &&
	    strchr(p->column, ':') == NULL);
	return arena_fmt(
	    c->mem, "%s:%s:%s:%d", p->table, p->row, p->column, FORM);
}

struct sealed
seal_apply(struct ctx *c, const struct keyring *ring,
    const struct seal_place *place, const void *plain, size_t n)
{
	const char *aad = print_place(c, place);
	uint32_t id = keyring_id(ring, 0);
	unsigned char key[KEY_SIZE];
	unsigned char *at;

	law(n <= SEAL_MAX);
	at = arena_alloc(c->mem, n + SEAL_OVERHEAD, 1);
	at[0] = FORM;
	for (int i = 0; i < 4; i++)
		at[ID_AT + i] = (unsigned char)(id >> (24 - 8 * i));
	randombytes_buf(at + NONCE_AT, NONCE_SIZE);
	derive(keyring_find(ring, id), key);
	law(crypto_aead_xchacha20poly1305_ietf_encrypt(at + BOX_AT, NULL, plain,
		n, (const unsigned char *)aad, strlen(aad), NULL, at + NONCE_AT,
		key) == 0);
	sodium_memzero(key, sizeof(key));
	return (struct sealed){at, n + SEAL_OVERHEAD};
}

uint32_t
seal_key_id(const struct sealed *in)
{
	uint32_t id = 0;

	if (in->size < SEAL_OVERHEAD || in->at[0] != FORM)
		return 0;
	for (int i = 0; i < 4; i++)
		id = id << 8 | in->at[ID_AT + i];
	return id;
}

enum err
seal_open(struct ctx *c, const struct keyring *ring,
    const struct seal_place *place, const struct sealed *in, char **out,
    size_t *n_out)
{
	const char *aad = print_place(c, place);
	uint32_t id = seal_key_id(in);
	const unsigned char *master = keyring_find(ring, id);
	unsigned char key[KEY_SIZE];
	unsigned char *plain;
	int rc;

	if (id == 0 || master == NULL)
		return fail(c, ERR_INTERNAL, "%s: no key %u", aad, id);
	plain = arena_alloc(c->mem, in->size - SEAL_OVERHEAD + 1, 1);
	secret_wipe_later(c->mem, plain, in->size - SEAL_OVERHEAD);
	derive(master, key);
	rc = crypto_aead_xchacha20poly1305_ietf_decrypt(plain, NULL, NULL,
	    in->at + BOX_AT, in->size - BOX_AT, (const unsigned char *)aad,
	    strlen(aad), in->at + NONCE_AT, key);
	sodium_memzero(key, sizeof(key));
	if (rc != 0)
		return fail(c, ERR_INTERNAL, "%s: does not open", aad);
	*out = (char *)plain;
	*n_out = in->size - SEAL_OVERHEAD;
	return OK;
}

struct sealed
seal_canary_new(struct ctx *c, const struct keyring *ring)
{
	return seal_apply(
	    c, ring, &canary_place, CANARY_TEXT, strlen(CANARY_TEXT));
}

enum err
seal_canary_open(
    struct ctx *c, const struct keyring *ring, const struct sealed *in)
{
	char *text = NULL;
	size_t n = 0;

	TRY(seal_open(c, ring, &canary_place, in, &text, &n));
	if (n != strlen(CANARY_TEXT) || memcmp(text, CANARY_TEXT, n) != 0)
		return fail(c, ERR_INTERNAL, "canary: another text");
	return OK;
}
