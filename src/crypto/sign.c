#include "crypto/sign.h"

#include <inttypes.h>
#include <string.h>

#include <sodium.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/law.h"
#include "base/text.h"
#include "crypto/digest.h"

#define PREFIX       "whsec_"
#define PREFIX_CHARS (sizeof(PREFIX) - 1)
#define B64          sodium_base64_VARIANT_ORIGINAL
#define FORM         "v1,"
#define KEY_MIN      24 /* bytes, by the specification */
#define KEY_MAX      64

void
sign_secret_new(char out[SIGN_SECRET_SIZE])
{
	unsigned char random[SIGN_SECRET_BYTES];

	randombytes_buf(random, sizeof(random));
	memcpy(out, PREFIX, PREFIX_CHARS);
	(void)sodium_bin2base64(out + PREFIX_CHARS,
	    SIGN_SECRET_SIZE - PREFIX_CHARS, random, sizeof(random), B64);
	sodium_memzero(random, sizeof(random));
}

/* HMAC of the signed content under the secret; false for a bad secret. */
static bool
mac(const char *secret, const struct buf *content,
    unsigned char out[DIGEST_SIZE])
{
	unsigned char key[KEY_MAX];
	size_t n = 0;
	bool fine = text_starts(secret, PREFIX) &&
	    sodium_base642bin(key, sizeof(key), secret + PREFIX_CHARS,
		strlen(secret) - PREFIX_CHARS, NULL, &n, NULL, B64) == 0 &&
	    n >= KEY_MIN;

	if (fine)
		digest_hmac(key, n, content->at, content->len, out);
	sodium_memzero(key, sizeof(key));
	return fine;
}

enum err
sign_webhook(struct ctx *c, const char *secret, const struct sign_message *m,
    const char **out)
{
	unsigned char digest[DIGEST_SIZE];
	char text[64];
	struct buf content;

	law(strchr(m->id, '.') == NULL);
	buf_init(&content, c->mem);
	buf_fmt(&content, "%s.%" PRId64 ".", m->id, m->timestamp);
	buf_add(&content, m->body, m->size);
	if (!mac(secret, &content, digest))
		return fail(c, ERR_INTERNAL, "webhook secret is malformed");
	(void)sodium_bin2base64(
	    text, sizeof(text), digest, sizeof(digest), B64);
	*out = arena_fmt(c->mem, FORM "%s", text);
	return OK;
}
