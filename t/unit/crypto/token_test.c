#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include <sodium.h>

#include "base/buf.h"
#include "crypto/digest.h"
#include "crypto/token.h"
#include "unit/crypto/crypto_fixture.h"

#define NOW INT64_C(1800000000)
#define SID "0192f0c1-7b3a-7c55-8d11-2f6f0e6a9b01"
#define B64 sodium_base64_VARIANT_URLSAFE_NO_PADDING

static const struct token_claims good = {.user = 42,
    .session = SID,
    .version = 3,
    .admin = true,
    .issued = NOW,
    .expires = NOW + 600};

#define HEADER "{\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}"
#define JTI    "AAAAAAAAAAAAAAAAAAAAAA"
#define PAYLOAD                                                        \
	"{\"aud\":\"numlease-api\",\"exp\":1800000600,"                \
	"\"iat\":1800000000,\"iss\":\"numlease\",\"jti\":\"" JTI "\"," \
	"\"role\":\"admin\",\"sid\":\"" SID                            \
	"\",\"sub\":\"42\",\"typ\":\"at+jwt\",\"ver\":3}"

static struct ctx c;
static struct keyring *ring;
static struct keyring *stranger;
static int tried;

static void
open_all(void)
{
	c = fixture_ctx();
	ring = fixture_ring(&c, "1 " KEY_ONE "\n");
	stranger = fixture_ring(&c, "1 " KEY_TWO "\n");
	tried = 0;
}

static void
close_all(void)
{
	keyring_close(&ring);
	keyring_close(&stranger);
	arena_free(&c.mem);
}

static const char *
b64(const void *bytes, size_t n)
{
	size_t size = sodium_base64_encoded_len(n, B64);

	return sodium_bin2base64(
	    arena_many(c.mem, char, size), size, bytes, n, B64);
}

/* Sign anything with a key of ours or a stranger's. */
static const char *
forge(const struct keyring *with, const char *header, const char *payload)
{
	const char *text = arena_fmt(c.mem, "%s.%s",
	    b64(header, strlen(header)), b64(payload, strlen(payload)));
	unsigned char mac[DIGEST_SIZE];

	digest_hmac(
	    keyring_find(with, 1), KEYRING_KEY_SIZE, text, strlen(text), mac);
	return arena_fmt(c.mem, "%s.%s", text, b64(mac, sizeof(mac)));
}

static bool
accepted_at(const char *token, int64_t now)
{
	struct token_claims t;

	tried++;
	return token_verify(&c, ring, token, now, &t) == OK;
}

static void
refuse(const char *what, const char *token)
{
	if (!accepted_at(token, NOW + 1))
		return;
	printf("# accepted: %s\n", what);
	CU_FAIL("a hostile token was accepted");
}

/* ---- what must work ---- */

static void
issued_is_accepted(void)
{
	const char *text = NULL;
	struct token_claims t = {0};

	open_all();
	CU_ASSERT_EQUAL_FATAL(token_issue(&c, ring, &good, &text), OK);
	CU_ASSERT_EQUAL_FATAL(token_verify(&c, ring, text, NOW, &t), OK);
	CU_ASSERT_EQUAL(t.user, 42);
	CU_ASSERT_EQUAL(t.version, 3);
	CU_ASSERT_TRUE(t.admin);
	CU_ASSERT_STRING_EQUAL(t.session, SID);
	CU_ASSERT_EQUAL(t.expires, NOW + 600);
	CU_ASSERT_EQUAL(strlen(t.id), 22);
	/* The forger of the other tests is able to make a good one. */
	CU_ASSERT_TRUE(accepted_at(forge(ring, HEADER, PAYLOAD), NOW + 1));
	close_all();
}

static void
every_key_of_the_ring_counts(void)
{
	struct keyring *both;
	const char *old = NULL;
	const char *new = NULL;
	struct token_claims t;

	open_all();
	both = fixture_ring(&c, "2 " KEY_TWO "\n1 " KEY_ONE "\n");
	CU_ASSERT_EQUAL_FATAL(token_issue(&c, ring, &good, &old), OK);
	CU_ASSERT_EQUAL_FATAL(token_issue(&c, both, &good, &new), OK);
	CU_ASSERT_EQUAL(token_verify(&c, both, old, NOW, &t), OK);
	CU_ASSERT_EQUAL(token_verify(&c, both, new, NOW, &t), OK);
	CU_ASSERT_EQUAL(token_verify(&c, ring, new, NOW, &t), ERR_UNAUTHENTIC);
	keyring_close(&both);
	close_all();
}

static void
skew_is_thirty_seconds(void)
{
	const char *t;

	open_all();
	t = forge(ring, HEADER, PAYLOAD);
	CU_ASSERT_TRUE(accepted_at(t, NOW - 30));
	CU_ASSERT_FALSE(accepted_at(t, NOW - 31));
	CU_ASSERT_TRUE(accepted_at(t, NOW + 629));
	CU_ASSERT_FALSE(accepted_at(t, NOW + 630));
	CU_ASSERT_FALSE(accepted_at(t, NOW + 100000));
	CU_ASSERT_FALSE(accepted_at(t, INT64_C(0)));
	close_all();
}

/* ---- what must not ---- */

static void
headers(void)
{
	static const char *const list[] = {
	    "{\"alg\":\"none\"}",
	    "{\"alg\":\"None\"}",
	    "{\"alg\":\"NONE\"}",
	    "{\"alg\":\"nOnE\"}",
	    "{\"alg\":\"\"}",
	    "{\"alg\":null}",
	    "{\"alg\":0}",
	    "{\"alg\":[\"HS256\"]}",
	    "{}",
	    "[]",
	    "null",
	    "\"HS256\"",
	    "",
	    " ",
	    "{",
	    "{\"typ\":\"JWT\"}",
	    "{\"alg\":\"none\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"none\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS384\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS512\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"RS256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"RS384\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"RS512\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"ES256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"ES384\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"ES512\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"PS256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"EdDSA\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"hs256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256 \",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\"}",
	    "{\"alg\":\"HS256\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"at+jwt\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"jwt\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"2\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"01\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"-1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":1,\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":null,\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"../../dev/null\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1' OR '1'='1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1\\u0000\",\"typ\":\"JWT\"}",
	    "{\"kid\":\"1\",\"alg\":\"HS256\",\"typ\":\"JWT\"}",
	    "{\"typ\":\"JWT\",\"alg\":\"HS256\",\"kid\":\"1\"}",
	    "{\"alg\": \"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"} ",
	    " {\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}\n",
	    "{\"alg\":\"HS256\",\"alg\":\"none\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"none\",\"alg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"crit\":[\"b64\"],\"b64\":false,"
	    "\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"cty\":\"JWT\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"jku\":\"https://evil.example/jwks\","
	    "\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"jwk\":{\"kty\":\"oct\",\"k\":\"AAAA\"},"
	    "\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"x5u\":\"https://evil.example/\","
	    "\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"zip\":\"DEF\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"alg\":\"HS256\",\"enc\":\"A256GCM\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	    "{\"\\u0061lg\":\"HS256\",\"kid\":\"1\",\"typ\":\"JWT\"}",
	};

	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++) {
		const char *signed_by_us = forge(ring, list[i], PAYLOAD);
		const char *bare = arena_strndup(c.mem, signed_by_us,
		    (size_t)(strrchr(signed_by_us, '.') + 1 - signed_by_us));

		refuse(list[i], signed_by_us);
		refuse(list[i], bare);
	}
}

/* The payload with `from` replaced by `to`, signed with our own key. */
static void
swap(const char *from, const char *to)
{
	const char *at = strstr(PAYLOAD, from);

	CU_ASSERT_PTR_NOT_NULL_FATAL(at);
	refuse(to,
	    forge(ring, HEADER,
		arena_fmt(c.mem, "%.*s%s%s", (int)(at - PAYLOAD), PAYLOAD, to,
		    at + strlen(from))));
}

static const struct {
	const char *from, *to;
} claim_swaps[] = {
    {"\"aud\":\"numlease-api\",", ""},
    {"\"aud\":\"numlease-api\"", "\"aud\":\"other\""},
    {"\"aud\":\"numlease-api\"", "\"aud\":[\"numlease-api\"]"},
    {"\"aud\":\"numlease-api\"", "\"aud\":null"},
    {"\"aud\":\"numlease-api\"", "\"aud\":\"numlease-api \""},
    {"\"aud\":\"numlease-api\"", "\"aud\":\"numlease-api\\u0000\""},
    {"\"iss\":\"numlease\",", ""},
    {"\"iss\":\"numlease\"", "\"iss\":\"Numlease\""},
    {"\"iss\":\"numlease\"", "\"iss\":\"\""},
    {"\"iss\":\"numlease\"", "\"iss\":1"},
    {"\"exp\":1800000600,", ""},
    {"\"exp\":1800000600", "\"exp\":\"1800000600\""},
    {"\"exp\":1800000600", "\"exp\":1800000600.0"},
    {"\"exp\":1800000600", "\"exp\":1800000600.5"},
    {"\"exp\":1800000600", "\"exp\":18e8"},
    {"\"exp\":1800000600", "\"exp\":1800000900.1"},
    {"\"exp\":1800000600", "\"exp\":1800000901"},
    {"\"exp\":1800000600", "\"exp\":9999999999"},
    {"\"exp\":1800000600", "\"exp\":9223372036854775807"},
    {"\"exp\":1800000600", "\"exp\":9223372036854775808"},
    {"\"exp\":1800000600", "\"exp\":-9223372036854775808"},
    {"\"exp\":1800000600", "\"exp\":-1"},
    {"\"exp\":1800000600", "\"exp\":0"},
    {"\"exp\":1800000600", "\"exp\":null"},
    {"\"exp\":1800000600", "\"exp\":true"},
    {"\"exp\":1800000600", "\"exp\":[1800000600]"},
    {"\"exp\":1800000600", "\"exp\":1800000000"},
    {"\"exp\":1800000600", "\"exp\":1799999999"},
    {"\"exp\":1800000600", "\"exp\": 1800000600"},
    {"\"exp\":1800000600", "\"exp\":1800000600,\"exp\":1800000600"},
    {"\"exp\":1800000600", "\"exp\":1,\"exp\":1800000600"},
    {"\"iat\":1800000000,", ""},
    {"\"iat\":1800000000", "\"iat\":\"1800000000\""},
    {"\"iat\":1800000000", "\"iat\":1800000000.0"},
    {"\"iat\":1800000000", "\"iat\":1800000032"},
    {"\"iat\":1800000000", "\"iat\":1799999699"},
    {"\"iat\":1800000000", "\"iat\":0"},
    {"\"iat\":1800000000", "\"iat\":-1800000000"},
    {"\"iat\":1800000000", "\"iat\":-9223372036854775808"},
    {"\"iat\":1800000000", "\"iat\":9223372036854775807"},
    {"\"iat\":1800000000", "\"iat\":null"},
    {"\"jti\":\"" JTI "\",", ""},
    {"\"jti\":\"" JTI "\"", "\"jti\":\"\""},
    {"\"jti\":\"" JTI "\"", "\"jti\":\"" JTI "A\""},
    {"\"jti\":\"" JTI "\"", "\"jti\":\"AAAAAAAAAAAAAAAAAAAAA=\""},
    {"\"jti\":\"" JTI "\"", "\"jti\":\"AAAAAAAAAAAAAAAAAAAAA\\n\""},
    {"\"jti\":\"" JTI "\"", "\"jti\":7"},
    {"\"role\":\"admin\",", ""},
    {"\"role\":\"admin\"", "\"role\":\"root\""},
    {"\"role\":\"admin\"", "\"role\":\"Admin\""},
    {"\"role\":\"admin\"", "\"role\":[\"user\",\"admin\"]"},
    {"\"role\":\"admin\"", "\"role\":true"},
    {"\"role\":\"admin\"", "\"role\":\"user\",\"role\":\"admin\""},
    {"\"role\":\"admin\"", "\"role\":\"admin\",\"role\":\"user\""},
    {"\"sid\":\"" SID "\",", ""},
    {"\"sid\":\"" SID "\"", "\"sid\":\"\""},
    {"\"sid\":\"" SID "\"", "\"sid\":\"0192F0C1-7B3A-7C55-8D11-2F6F0E6A9B01\""},
    {"\"sid\":\"" SID "\"", "\"sid\":\"" SID "0\""},
    {"\"sid\":\"" SID "\"", "\"sid\":0"},
    {"\"sub\":\"42\",", ""},
    {"\"sub\":\"42\"", "\"sub\":42"},
    {"\"sub\":\"42\"", "\"sub\":\"0\""},
    {"\"sub\":\"42\"", "\"sub\":\"-42\""},
    {"\"sub\":\"42\"", "\"sub\":\"+42\""},
    {"\"sub\":\"42\"", "\"sub\":\"042\""},
    {"\"sub\":\"42\"", "\"sub\":\" 42\""},
    {"\"sub\":\"42\"", "\"sub\":\"42 \""},
    {"\"sub\":\"42\"", "\"sub\":\"0x2a\""},
    {"\"sub\":\"42\"", "\"sub\":\"42abc\""},
    {"\"sub\":\"42\"", "\"sub\":\"9223372036854775808\""},
    {"\"sub\":\"42\"", "\"sub\":\"\""},
    {"\"sub\":\"42\"", "\"sub\":\"admin\""},
    {"\"sub\":\"42\"", "\"sub\":null"},
    {"\"sub\":\"42\"", "\"sub\":\"42\",\"sub\":\"1\""},
    {"\"sub\":\"42\"", "\"sub\":\"1\",\"sub\":\"42\""},
    {"\"sub\":\"42\"", "\"sub\":\"4\\u0032\""},
    {"\"typ\":\"at+jwt\",", ""},
    {"\"typ\":\"at+jwt\"", "\"typ\":\"JWT\""},
    {"\"typ\":\"at+jwt\"", "\"typ\":\"rt+jwt\""},
    {"\"typ\":\"at+jwt\"", "\"typ\":null"},
    {"\"ver\":3", "\"ver\":-1"},
    {"\"ver\":3", "\"ver\":3.0"},
    {"\"ver\":3", "\"ver\":\"3\""},
    {"\"ver\":3", "\"ver\":null"},
    {",\"ver\":3", ""},
    {"\"ver\":3", "\"ver\":3,\"ver\":3"},
    {"\"ver\":3", "\"ver\":3,\"admin\":true"},
    {"\"ver\":3", "\"ver\":3,\"nbf\":1900000000"},
    {"\"ver\":3", "\"ver\":3,\"scope\":\"all\""},
    {"\"ver\":3}", "\"ver\":3} "},
    {"\"ver\":3}", "\"ver\":3}{}"},
    {"\"ver\":3}", "\"ver\":3"},
    {"\"ver\":3}", "\"ver\":3,}"},
    {"{\"aud\"", " {\"aud\""},
    {"{\"aud\"", "[{\"aud\""},
    {"{\"aud\"", "{\"\":0,\"aud\""},
};

static void
claims(void)
{
	size_t n = sizeof(claim_swaps) / sizeof(claim_swaps[0]);

	for (size_t i = 0; i < n; i++)
		swap(claim_swaps[i].from, claim_swaps[i].to);
	for (size_t len = 0; len < strlen(PAYLOAD); len += 7)
		refuse("truncated payload, signed",
		    forge(ring, HEADER, arena_strndup(c.mem, PAYLOAD, len)));
}

/* Bytes of the text changed after it was signed. */
static void
texts(void)
{
	const char *good_text = forge(ring, HEADER, PAYLOAD);
	size_t n = strlen(good_text);
	char *big = arena_many(c.mem, char, 8193);

	for (size_t len = 0; len < n; len++)
		refuse("truncated", arena_strndup(c.mem, good_text, len));
	for (size_t i = 0; i < n; i++) {
		char *t = arena_dup(c.mem, good_text);

		t[i] = t[i] == 'A' ? 'B' : 'A';
		refuse("one character changed", t);
		t[i] = "+/=. \t\n\x7f\x80%"[i % 10];
		if (good_text[i] != '.')
			refuse("one character is not base64url", t);
	}
	refuse("padding", arena_fmt(c.mem, "%s=", good_text));
	refuse("fourth segment", arena_fmt(c.mem, "%s.x", good_text));
	refuse("empty fourth segment", arena_fmt(c.mem, "%s.", good_text));
	refuse("leading dot", arena_fmt(c.mem, ".%s", good_text));
	refuse("leading blank", arena_fmt(c.mem, " %s", good_text));
	refuse("trailing newline", arena_fmt(c.mem, "%s\n", good_text));
	refuse("trailing byte", arena_fmt(c.mem, "%sA", good_text));
	refuse("twice", arena_fmt(c.mem, "%s%s", good_text, good_text));
	refuse("a scheme", arena_fmt(c.mem, "Bearer %s", good_text));
	refuse("dots", "....................");
	refuse("two dots", "..");
	refuse("nothing", "");
	memset(big, 'A', 8192);
	refuse("8 kB", big);
	big[1000] = big[2000] = '.';
	refuse("8 kB with two dots", big);
}

/* The last of 43 characters carries two unused bits: four spellings. */
static void
spellings(void)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijkl"
				       "mnopqrstuvwxyz0123456789-_";
	char *t = arena_dup(c.mem, forge(ring, HEADER, PAYLOAD));
	char *last = t + strlen(t) - 1;
	char ours = *last;

	for (size_t i = 0; i < sizeof(alphabet) - 1; i++) {
		*last = alphabet[i];
		if (*last != ours)
			refuse("another spelling of the signature", t);
	}
}

static void
hostile_are_refused(void)
{
	open_all();
	headers();
	claims();
	texts();
	spellings();
	refuse("signed by a stranger", forge(stranger, HEADER, PAYLOAD));
	printf("# %d hostile tokens\n", tried);
	CU_ASSERT_TRUE(tried >= 200);
	close_all();
}

SUITE("token",
    {"an issued token is accepted, with its claims", issued_is_accepted},
    {"each key of the ring verifies, the first one signs",
	every_key_of_the_ring_counts},
    {"clocks may differ by thirty seconds", skew_is_thirty_seconds},
    {"no hostile token is accepted", hostile_are_refused})
