#include <string.h>

#include "crypto/envelope.h"
#include "unit/crypto/crypto_fixture.h"

#define TYPE "http://example.com/HelloWorld"
#define BODY "hello world"

static struct ctx c;

/* The seed of RFC 8032, 7.1, test 1. */
#define SEED                                 \
	"1 9d61b19deffd5a60ba844af492ec2cc4" \
	"4449c5697b326919703bac031cae7f60\n"

static void
known_public_key(void)
{
	struct keyring *ring;
	char key[ENVELOPE_KEY_SIZE];

	c = fixture_ctx();
	ring = fixture_ring(&c, SEED);
	envelope_public_key(ring, 0, key);
	CU_ASSERT_STRING_EQUAL(
	    key, "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=");
	keyring_close(&ring);
	arena_free(&c.mem);
}

static void
open_returns_what_was_signed(void)
{
	struct keyring *ring;
	struct envelope e;
	char key[ENVELOPE_KEY_SIZE];
	const char *body = NULL;
	size_t n = 0;

	c = fixture_ctx();
	ring = fixture_ring(&c, SEED);
	envelope_sign(&c, ring, TYPE, BODY, strlen(BODY), &e);
	envelope_public_key(ring, 0, key);
	CU_ASSERT_STRING_EQUAL(e.payload, "aGVsbG8gd29ybGQ=");
	CU_ASSERT_STRING_EQUAL(e.key_id, "1");
	CU_ASSERT_EQUAL_FATAL(envelope_open(&c, &e, TYPE, key, &body, &n), OK);
	CU_ASSERT_EQUAL(n, strlen(BODY));
	CU_ASSERT_STRING_EQUAL(body, BODY);
	keyring_close(&ring);
	arena_free(&c.mem);
}

/* Each differs from a good one in one thing. */
static void
forged_is_refused(void)
{
	struct keyring *ring;
	struct envelope e;
	struct envelope bad;
	char key[ENVELOPE_KEY_SIZE];
	char sig[ENVELOPE_SIG_SIZE];
	const char *body = NULL;
	size_t n = 0;

	c = fixture_ctx();
	ring = fixture_ring(&c, SEED);
	envelope_sign(&c, ring, TYPE, BODY, strlen(BODY), &e);
	envelope_public_key(ring, 0, key);
	bad = e;
	bad.payload = "aGVsbG8gV29ybGQ=";
	CU_ASSERT_EQUAL(
	    envelope_open(&c, &bad, TYPE, key, &body, &n), ERR_UNAUTHENTIC);
	bad = e;
	bad.type = "text/plain";
	CU_ASSERT_EQUAL(
	    envelope_open(&c, &bad, TYPE, key, &body, &n), ERR_BAD_INPUT);
	/* Signed as one type, shown as another. */
	CU_ASSERT_EQUAL(envelope_open(&c, &bad, "text/plain", key, &body, &n),
	    ERR_UNAUTHENTIC);
	(void)snprintf(sig, sizeof(sig), "%s", e.signature);
	sig[10] = sig[10] == 'A' ? 'B' : 'A';
	bad = e;
	bad.signature = sig;
	CU_ASSERT_EQUAL(
	    envelope_open(&c, &bad, TYPE, key, &body, &n), ERR_UNAUTHENTIC);
	sig[20] = '\0';
	CU_ASSERT_EQUAL(
	    envelope_open(&c, &bad, TYPE, key, &body, &n), ERR_BAD_INPUT);
	key[3] = key[3] == 'A' ? 'B' : 'A';
	CU_ASSERT_EQUAL(
	    envelope_open(&c, &e, TYPE, key, &body, &n), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(
	    envelope_open(&c, &e, TYPE, "short", &body, &n), ERR_BAD_INPUT);
	CU_ASSERT_PTR_NULL(body);
	keyring_close(&ring);
	arena_free(&c.mem);
}

SUITE("envelope", {"a seed gives the public key of RFC 8032", known_public_key},
    {"what was signed is read", open_returns_what_was_signed},
    {"what differs in one thing is refused", forged_is_refused})
