#include <string.h>

#include "crypto/seal.h"
#include "crypto/secret.h"
#include "unit/crypto/crypto_fixture.h"

static const struct seal_place here = {"providers", "7", "secret"};
static struct ctx c;
static struct keyring *ring;

static void
open_all(void)
{
	c = fixture_ctx();
	ring = fixture_ring(&c, "1 " KEY_ONE "\n");
}

static void
close_all(void)
{
	keyring_close(&ring);
	arena_free(&c.mem);
}

static enum err
opens(const struct keyring *with, const struct seal_place *place,
    const struct sealed *s)
{
	char *text = NULL;
	size_t n = 0;

	return seal_open(&c, with, place, s, &text, &n);
}

static void
round_trip(void)
{
	static const size_t sizes[] = {0, 1, 31, 1000, 65536};
	char *text;
	size_t n;

	open_all();
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		char *plain = arena_many(c.mem, char, sizes[i] + 1);
		struct sealed s;

		memset(plain, 'x', sizes[i]);
		s = seal_apply(&c, ring, &here, plain, sizes[i]);
		CU_ASSERT_EQUAL(s.size, sizes[i] + SEAL_OVERHEAD);
		CU_ASSERT_EQUAL_FATAL(
		    seal_open(&c, ring, &here, &s, &text, &n), OK);
		CU_ASSERT_EQUAL(n, sizes[i]);
		CU_ASSERT_EQUAL(memcmp(text, plain, n + 1), 0);
	}
	close_all();
}

static void
moved(void)
{
	static const struct seal_place elsewhere[] = {
	    {"providers", "8", "secret"},
	    {"provider", "7", "secret"},
	    {"providers", "7", "token"},
	    {"providers", "", "secret"},
	};
	struct sealed s;

	open_all();
	s = seal_apply(&c, ring, &here, "hunter2", 7);
	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(elsewhere[0]); i++)
		CU_ASSERT_EQUAL(opens(ring, &elsewhere[i], &s), ERR_INTERNAL);
	CU_ASSERT_EQUAL(opens(ring, &here, &s), OK);
	close_all();
}

static void
changed(void)
{
	struct sealed s;
	unsigned char *at;

	open_all();
	s = seal_apply(&c, ring, &here, "hunter2", 7);
	at = arena_alloc(c.mem, s.size, 1);
	memcpy(at, s.at, s.size);
	s.at = at;
	for (size_t i = 0; i < s.size; i++)
		for (int bit = 0; bit < 8; bit++) {
			at[i] ^= (unsigned char)(1 << bit);
			CU_ASSERT_EQUAL(opens(ring, &here, &s), ERR_INTERNAL);
			at[i] ^= (unsigned char)(1 << bit);
		}
	for (size_t n = 0; n < s.size; n++) {
		struct sealed cut = {s.at, n};

		CU_ASSERT_EQUAL(opens(ring, &here, &cut), ERR_INTERNAL);
	}
	close_all();
}

static void
keys_live_side_by_side(void)
{
	struct keyring *both;
	struct keyring *other;
	struct sealed old;
	struct sealed new;

	open_all();
	both = fixture_ring(&c, "2 " KEY_TWO "\n1 " KEY_ONE "\n");
	other = fixture_ring(&c, "1 " KEY_TWO "\n");
	old = seal_apply(&c, ring, &here, "a", 1);
	new = seal_apply(&c, both, &here, "a", 1);
	CU_ASSERT_EQUAL(seal_key_id(&old), 1);
	CU_ASSERT_EQUAL(seal_key_id(&new), 2);
	CU_ASSERT_EQUAL(opens(both, &here, &old), OK);
	CU_ASSERT_EQUAL(opens(both, &here, &new), OK);
	CU_ASSERT_EQUAL(opens(ring, &here, &new), ERR_INTERNAL);
	CU_ASSERT_EQUAL(opens(other, &here, &old), ERR_INTERNAL);
	keyring_close(&both);
	keyring_close(&other);
	close_all();
}

static void
canary(void)
{
	struct keyring *other;
	struct sealed s;
	struct sealed text;

	open_all();
	other = fixture_ring(&c, "1 " KEY_TWO "\n");
	s = seal_canary_new(&c, ring);
	text = seal_apply(
	    &c, ring, &(struct seal_place){"canary", "1", "sealed"}, "crow", 4);
	CU_ASSERT_EQUAL(seal_canary_open(&c, ring, &s), OK);
	CU_ASSERT_EQUAL(seal_canary_open(&c, other, &s), ERR_INTERNAL);
	CU_ASSERT_EQUAL(seal_canary_open(&c, ring, &text), ERR_INTERNAL);
	keyring_close(&other);
	close_all();
}

static int is_wiped;

static void
look(void *arg)
{
	static const char zero[7];

	is_wiped = memcmp(arg, zero, sizeof(zero)) == 0;
}

static void
plain_text_is_wiped(void)
{
	char *text = NULL;
	char *watched;

	open_all();
	watched = arena_strndup(c.mem, "hunter2", 7);
	/* Releases run in reverse: `look` comes after the wipe. */
	arena_defer(c.mem, look, watched);
	secret_wipe_later(c.mem, watched, 7);
	is_wiped = 0;
	arena_reset(c.mem);
	CU_ASSERT_TRUE(is_wiped);

	text = arena_strndup(c.mem, "hunter2", 7);
	CU_ASSERT_TRUE(secret_eq(text, "hunter2", 7));
	CU_ASSERT_FALSE(secret_eq(text, "hunter3", 7));
	secret_wipe(text, 7);
	CU_ASSERT_EQUAL(text[0], 0);
	close_all();
}

SUITE("seal", {"what was sealed opens, whatever its size", round_trip},
    {"a value moved to another place does not open", moved},
    {"a changed or cut value does not open", changed},
    {"old keys open, the first key seals", keys_live_side_by_side},
    {"the canary opens only with its key", canary},
    {"a plain text is wiped with its arena", plain_text_is_wiped})
