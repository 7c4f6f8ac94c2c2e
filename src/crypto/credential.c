#include "crypto/credential.h"

#include <string.h>

#include <sodium.h>

#include "base/law.h"
#include "base/text.h"

#define BASE62       "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"

#define SECRET_CHARS 32
#define ID_CHARS     8
#define LIVE_CHARS   (sizeof(CREDENTIAL_LIVE) - 1)
#define COMPAT_SHOWN 4

_Static_assert(LIVE_CHARS + ID_CHARS + 1 == CREDENTIAL_PREFIX_SIZE, "prefix");

/* Uniform: no modulo of a byte, which would favour some characters. */
static char *
put_base62(char *out, int n)
{
	for (int i = 0; i < n; i++)
		*out++ = BASE62[randombytes_uniform(sizeof(BASE62) - 1)];
	*out = '\0';
	return out;
}

void
credential_new(enum credential kind, char out[CREDENTIAL_SIZE])
{
	switch (kind) {
	case CREDENTIAL_LIVE_KEY:
		memcpy(out, CREDENTIAL_LIVE, LIVE_CHARS);
		out = put_base62(out + LIVE_CHARS, ID_CHARS);
		*out++ = '_';
		put_base62(out, SECRET_CHARS);
		return;
	case CREDENTIAL_COMPAT_KEY:
		put_base62(out, SECRET_CHARS);
		return;
	case CREDENTIAL_UNSET:
		break;
	}
	law(kind != CREDENTIAL_UNSET);
}

/* Exactly `n` characters of `alphabet`, then `end`. */
static bool
is_run(const char *s, const char *alphabet, size_t n, char end)
{
	return strspn(s, alphabet) == n && s[n] == end;
}

bool
credential_is(enum credential kind, const char *text)
{
	switch (kind) {
	case CREDENTIAL_LIVE_KEY:
		return text_starts(text, CREDENTIAL_LIVE) &&
		    is_run(text + LIVE_CHARS, BASE62, ID_CHARS, '_') &&
		    is_run(text + LIVE_CHARS + ID_CHARS + 1, BASE62,
			SECRET_CHARS, '\0');
	case CREDENTIAL_COMPAT_KEY:
		return is_run(text, BASE62, SECRET_CHARS, '\0');
	case CREDENTIAL_UNSET:
		break;
	}
	return false;
}

void
credential_prefix(
    enum credential kind, const char *text, char out[CREDENTIAL_PREFIX_SIZE])
{
	size_t n = kind == CREDENTIAL_LIVE_KEY ? CREDENTIAL_PREFIX_SIZE - 1 :
						 COMPAT_SHOWN;

	law(kind == CREDENTIAL_LIVE_KEY || kind == CREDENTIAL_COMPAT_KEY);
	law(strlen(text) > n);
	memcpy(out, text, n);
	out[n] = '\0';
}

void
credential_hash(const char *text, unsigned char out[DIGEST_SIZE])
{
	digest_sha256(text, strlen(text), out);
}
