#include <string.h>

#include "crypto/digest.h"
#include "crypto/sign.h"
#include "unit/crypto/crypto_fixture.h"

static struct ctx c;

/* FIPS 180-2 appendix B.1; RFC 4231 cases 1 and 2. */
static void
digests(void)
{
	unsigned char key[20];
	unsigned char d[DIGEST_SIZE];
	char hex[DIGEST_HEX_SIZE];

	digest_sha256("abc", 3, d);
	digest_print(d, hex);
	CU_ASSERT_STRING_EQUAL(hex,
	    "ba7816bf8f01cfea414140de5dae2223"
	    "b00361a396177a9cb410ff61f20015ad");
	memset(key, 0x0b, sizeof(key));
	digest_hmac(key, sizeof(key), "Hi There", 8, d);
	digest_print(d, hex);
	CU_ASSERT_STRING_EQUAL(hex,
	    "b0344c61d8db38535ca8afceaf0bf12b"
	    "881dc200c9833da726e9376c2e32cff7");
	digest_hmac((const unsigned char *)"Jefe", 4,
	    "what do ya want for nothing?", 28, d);
	digest_print(d, hex);
	CU_ASSERT_STRING_EQUAL(hex,
	    "5bdcc146bf60754e6a042426089575c7"
	    "5a003f089d2739839dec58b964ec3843");
}

/* The vector of the specification's own libraries. */
static void
known_webhook(void)
{
	const struct sign_message m = {"msg_p5jXN8AQM9LWM0D4loKWxJek",
	    1614265330, "{\"test\": 2432232314}", 20};
	const char *out = NULL;

	c = fixture_ctx();
	CU_ASSERT_EQUAL_FATAL(
	    sign_webhook(
		&c, "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", &m, &out),
	    OK);
	CU_ASSERT_STRING_EQUAL(
	    out, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
	arena_free(&c.mem);
}

static void
bad_secrets(void)
{
	static const char *const list[] = {"", "whsec_", "MfKQ9r8GKYqrTwjU",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLa", "whsec_!!!!",
	    "whpk_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
	    "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\n"};
	const struct sign_message m = {"m", 1, "x", 1};
	const char *out;
	char secret[SIGN_SECRET_SIZE];

	c = fixture_ctx();
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		CU_ASSERT_EQUAL(
		    sign_webhook(&c, list[i], &m, &out), ERR_INTERNAL);
	sign_secret_new(secret);
	CU_ASSERT_EQUAL(strlen(secret), SIGN_SECRET_SIZE - 1);
	CU_ASSERT_EQUAL(sign_webhook(&c, secret, &m, &out), OK);
	arena_free(&c.mem);
}

SUITE("sign", {"digests match the published vectors", digests},
    {"a webhook signature matches the specification", known_webhook},
    {"a malformed secret signs nothing", bad_secrets})
