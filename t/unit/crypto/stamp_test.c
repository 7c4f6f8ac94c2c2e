#include <string.h>

#include "crypto/stamp.h"
#include "unit/crypto/crypto_fixture.h"

#define TEXT "{\"price\":\"0.350000\",\"user\":17}"

static struct ctx c;

static struct keyring *
ring_of(const char *lines)
{
	return fixture_ring(&c, lines);
}

static enum err
open_as(const struct keyring *ring, int purpose, const char *token)
{
	const char *text;
	size_t n;
	enum err e =
	    stamp_open(&c, ring, (enum stamp_purpose)purpose, token, &text, &n);

	if (e == OK)
		CU_ASSERT(n == strlen(TEXT) && memcmp(text, TEXT, n) == 0);
	return e;
}

static void
comes_back(void)
{
	struct keyring *ring;
	const char *token;

	c = fixture_ctx();
	ring = ring_of("1 " KEY_ONE "\n");
	token = stamp_apply(&c, ring, STAMP_QUOTE, TEXT, strlen(TEXT));
	CU_ASSERT_EQUAL(open_as(ring, STAMP_QUOTE, token), OK);
	CU_ASSERT_EQUAL(open_as(ring, STAMP_QUOTE + 1, token),
	    ERR_UNAUTHENTIC); /* for one purpose only */
	keyring_close(&ring);
	arena_free(&c.mem);
}

static void
keys_may_turn(void)
{
	struct keyring *old;
	struct keyring *both;
	struct keyring *later;
	const char *token;

	c = fixture_ctx();
	old = ring_of("1 " KEY_ONE "\n");
	both = ring_of("2 " KEY_TWO "\n1 " KEY_ONE "\n");
	later = ring_of("2 " KEY_TWO "\n");
	token = stamp_apply(&c, old, STAMP_QUOTE, TEXT, strlen(TEXT));
	CU_ASSERT_EQUAL(open_as(both, STAMP_QUOTE, token), OK);
	CU_ASSERT_EQUAL(open_as(later, STAMP_QUOTE, token), ERR_UNAUTHENTIC);
	token = stamp_apply(&c, both, STAMP_QUOTE, TEXT, strlen(TEXT));
	CU_ASSERT_EQUAL(open_as(later, STAMP_QUOTE, token), OK);
	keyring_close(&old);
	keyring_close(&both);
	keyring_close(&later);
	arena_free(&c.mem);
}

/* Every single character, changed to each of four others. */
static void
a_changed_one_is_none(void)
{
	struct keyring *ring;
	char token[STAMP_TOKEN_MAX];
	const char *made;

	c = fixture_ctx();
	ring = ring_of("1 " KEY_ONE "\n");
	made = stamp_apply(&c, ring, STAMP_QUOTE, TEXT, strlen(TEXT));
	for (size_t i = 0; i < strlen(made); i++)
		for (const char *to = "Ab7."; *to != '\0'; to++) {
			memcpy(token, made, strlen(made) + 1);
			if (token[i] == *to)
				continue;
			token[i] = *to;
			CU_ASSERT_EQUAL(
			    open_as(ring, STAMP_QUOTE, token), ERR_UNAUTHENTIC);
		}
	keyring_close(&ring);
	arena_free(&c.mem);
}

static void
other_texts_are_none(void)
{
	static const char *const texts[] = {"", ".", "a.b", "e30.", ".e30",
	    "e30", "e30=.e30=", "\xff.\xff",
	    "e30.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
	char longest[STAMP_TOKEN_MAX + 2];
	struct keyring *ring;

	c = fixture_ctx();
	ring = ring_of("1 " KEY_ONE "\n");
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		CU_ASSERT_EQUAL(
		    open_as(ring, STAMP_QUOTE, texts[i]), ERR_UNAUTHENTIC);
	memset(longest, 'A', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	CU_ASSERT_EQUAL(open_as(ring, STAMP_QUOTE, longest), ERR_UNAUTHENTIC);
	longest[9] = '.';
	longest[STAMP_TOKEN_MAX] = '\0';
	CU_ASSERT_EQUAL(open_as(ring, STAMP_QUOTE, longest), ERR_UNAUTHENTIC);
	keyring_close(&ring);
	arena_free(&c.mem);
}

SUITE("stamp",
    {"what was stamped comes back, for its purpose only", comes_back},
    {"older keys still open, a key taken out does not", keys_may_turn},
    {"a token with any character changed is none", a_changed_one_is_none},
    {"nor is any other text", other_texts_are_none})
