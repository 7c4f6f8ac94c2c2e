#include "crypto/token.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include <jwt.h>
#include <sodium.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/law.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "crypto/keyring.h"

#define B64 sodium_base64_VARIANT_URLSAFE_NO_PADDING
/* A claim of ours, as libjwt 1.10 takes no header typ but "JWT". */
#define TYPE          "at+jwt"
#define ID_BYTES      16
#define ID_CHARS      22 /* base64url of ID_BYTES */
#define HEADER_MAX    96
#define MIN_LENGTH    20
#define SIGNATURE_LEN 43 /* base64url of 32 bytes */
#define ALPHABET                                               \
	"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" \
	"0123456789-_"

static void
drop_jwt(void *jwt)
{
	jwt_free(jwt);
}

/* The header segment of tokens signed by key `id`; NUL-terminated. */
static void
print_header(uint32_t id, char out[HEADER_MAX])
{
	char json[64];
	int n = snprintf(json, sizeof(json),
	    "{\"alg\":\"HS256\",\"kid\":\"%" PRIu32 "\",\"typ\":\"JWT\"}", id);

	law(n > 0 && (size_t)n < sizeof(json));
	(void)sodium_bin2base64(
	    out, HEADER_MAX, (const unsigned char *)json, (size_t)n, B64);
}

/* The payload segment of `t`: members sorted, no blanks, as libjwt prints. */
static const char *
print_payload(struct ctx *c, const struct token_claims *t)
{
	const char *json = arena_fmt(c->mem,
	    "{\"aud\":\"" TOKEN_AUDIENCE "\",\"exp\":%" PRId64
	    ",\"iat\":%" PRId64 ",\"iss\":\"" TOKEN_ISSUER
	    "\",\"jti\":\"%s\",\"role\":\"%s\",\"sid\":\"%s\""
	    ",\"sub\":\"%" PRId64 "\",\"typ\":\"" TYPE "\",\"ver\":%" PRId64
	    "}",
	    t->expires, t->issued, t->id, t->admin ? "admin" : "user",
	    t->session, t->user, t->version);
	size_t size = sodium_base64_encoded_len(strlen(json), B64);
	char *out = arena_many(c->mem, char, size);

	return sodium_bin2base64(
	    out, size, (const unsigned char *)json, strlen(json), B64);
}

/* ---- issue ---- */

/*
 * We print and sign ourselves; libjwt then verifies, so that two
 * implementations have to agree on each token.
 */
static const char *
sign(struct ctx *c, const struct keyring *ring, const struct token_claims *t)
{
	uint32_t id = keyring_id(ring, 0);
	unsigned char mac[DIGEST_SIZE];
	char signature[SIGNATURE_LEN + 1];
	char header[HEADER_MAX];
	const char *text;

	print_header(id, header);
	text = arena_fmt(c->mem, "%s.%s", header, print_payload(c, t));
	digest_hmac(
	    keyring_find(ring, id), KEYRING_KEY_SIZE, text, strlen(text), mac);
	(void)sodium_bin2base64(
	    signature, sizeof(signature), mac, sizeof(mac), B64);
	return arena_fmt(c->mem, "%s.%s", text, signature);
}

enum err
token_issue(struct ctx *c, const struct keyring *ring,
    const struct token_claims *claims, const char **out)
{
	struct token_claims t = *claims;
	struct token_claims check;
	unsigned char random[ID_BYTES];
	char id[ID_CHARS + 1];
	const char *text;

	law(t.user > 0 && t.version >= 0 && id_is_valid(t.session));
	law(t.expires > t.issued && t.expires - t.issued <= TOKEN_TTL_MAX);
	randombytes_buf(random, sizeof(random));
	t.id = sodium_bin2base64(id, sizeof(id), random, sizeof(random), B64);
	text = sign(c, ring, &t);
	/* Fails only when libjwt runs out of memory. */
	if (token_verify(c, ring, text, t.issued, &check) != OK)
		return fail(c, ERR_UNAVAILABLE, "the new token is refused");
	*out = text;
	return OK;
}

/* ---- verify ---- */

struct parts {
	const char *header, *payload, *signature;
	size_t header_len, payload_len, signature_len;
};

/* Cut at exactly two dots; nothing but base64url elsewhere. */
static bool
split(const char *token, struct parts *p)
{
	size_t len = strnlen(token, TOKEN_MAX + 1);
	const char *end = token + len;

	if (len < MIN_LENGTH || len > TOKEN_MAX)
		return false;
	p->header = token;
	p->header_len = strspn(token, ALPHABET);
	if (p->header[p->header_len] != '.')
		return false;
	p->payload = p->header + p->header_len + 1;
	p->payload_len = strspn(p->payload, ALPHABET);
	if (p->payload[p->payload_len] != '.')
		return false;
	p->signature = p->payload + p->payload_len + 1;
	p->signature_len = strspn(p->signature, ALPHABET);
	return p->signature + p->signature_len == end &&
	    p->signature_len == SIGNATURE_LEN;
}

/* The key whose header constant this is; NULL when it is none of ours. */
static const unsigned char *
key_of_header(const struct keyring *ring, const struct parts *p)
{
	char ours[HEADER_MAX];

	for (size_t i = 0; i < keyring_count(ring); i++) {
		uint32_t id = keyring_id(ring, i);

		print_header(id, ours);
		if (strlen(ours) == p->header_len &&
		    memcmp(ours, p->header, p->header_len) == 0)
			return keyring_find(ring, id);
	}
	return NULL;
}

static bool
get_text(jwt_t *jwt, const char *name, const char **out)
{
	*out = jwt_get_grant(jwt, name);
	return *out != NULL;
}

static bool
get_int(jwt_t *jwt, const char *name, int64_t *out)
{
	errno = 0;
	*out = jwt_get_grant_int(jwt, name);
	return errno == 0;
}

static bool
get_is(jwt_t *jwt, const char *name, const char *want)
{
	const char *got;

	return get_text(jwt, name, &got) && strcmp(got, want) == 0;
}

/* Every claim is there, of its type and form. */
static bool
read_claims(jwt_t *jwt, struct token_claims *t)
{
	const char *user;

	if (!get_is(jwt, "iss", TOKEN_ISSUER) ||
	    !get_is(jwt, "aud", TOKEN_AUDIENCE) || !get_is(jwt, "typ", TYPE))
		return false;
	if (!get_text(jwt, "sub", &user) ||
	    !get_text(jwt, "sid", &t->session) ||
	    !get_text(jwt, "jti", &t->id) || !get_int(jwt, "iat", &t->issued) ||
	    !get_int(jwt, "exp", &t->expires) ||
	    !get_int(jwt, "ver", &t->version))
		return false;
	t->admin = get_is(jwt, "role", "admin");
	if (!t->admin && !get_is(jwt, "role", "user"))
		return false;
	return text_to_i64(user, 1, INT64_MAX, &t->user) && t->version >= 0 &&
	    id_is_valid(t->session) && strlen(t->id) == ID_CHARS &&
	    strspn(t->id, ALPHABET) == ID_CHARS;
}

/* No sum can overflow: both times are first bounded by each other and now. */
static bool
is_in_time(const struct token_claims *t, int64_t now)
{
	return t->issued > 0 && t->issued <= now + TOKEN_SKEW &&
	    t->expires > t->issued && t->expires - t->issued <= TOKEN_TTL_MAX &&
	    now < t->expires + TOKEN_SKEW;
}

static bool
payload_is_ours(
    struct ctx *c, const struct token_claims *t, const struct parts *p)
{
	const char *ours = print_payload(c, t);

	return strlen(ours) == p->payload_len &&
	    memcmp(ours, p->payload, p->payload_len) == 0;
}

static enum err
decode(struct ctx *c, const unsigned char *key, const char *token, jwt_t **out)
{
	jwt_t *jwt = NULL;
	int rc = jwt_decode(&jwt, token, key, KEYRING_KEY_SIZE);

	if (jwt != NULL)
		arena_defer(c->mem, drop_jwt, jwt);
	if (rc != 0 || jwt == NULL)
		return fail(c, ERR_UNAUTHENTIC, "token: signature");
	/* A failed allocation inside gives rc 0 with algorithm none. */
	if (jwt_get_alg(jwt) != JWT_ALG_HS256)
		return fail(c, ERR_UNAUTHENTIC, "token: algorithm");
	*out = jwt;
	return OK;
}

enum err
token_verify(struct ctx *c, const struct keyring *ring, const char *token,
    int64_t now, struct token_claims *out)
{
	const unsigned char *key;
	struct token_claims t = {0};
	struct parts p;
	jwt_t *jwt = NULL;

	*out = (struct token_claims){0};
	if (!split(token, &p))
		return fail(c, ERR_UNAUTHENTIC, "token: shape");
	key = key_of_header(ring, &p);
	if (key == NULL)
		return fail(c, ERR_UNAUTHENTIC, "token: header");
	TRY(decode(c, key, token, &jwt));
	if (!read_claims(jwt, &t))
		return fail(c, ERR_UNAUTHENTIC, "token: claims");
	if (!is_in_time(&t, now))
		return fail(c, ERR_UNAUTHENTIC, "token: time");
	if (!payload_is_ours(c, &t, &p))
		return fail(c, ERR_UNAUTHENTIC, "token: payload");
	*out = t;
	return OK;
}
