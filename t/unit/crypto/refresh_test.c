#include <string.h>

#include "crypto/refresh.h"
#include "unit/crypto/crypto_fixture.h"

#define SID   "0192f0c1-7b3a-7c55-8d11-2f6f0e6a9b01"
#define OTHER "0192f0c1-7b3a-7c55-8d11-2f6f0e6a9b02"

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

static void
names_its_session(void)
{
	char a[REFRESH_SIZE];
	char b[REFRESH_SIZE];
	char sid[ID_SIZE];

	open_all();
	refresh_new(ring, SID, a);
	refresh_new(ring, SID, b);
	CU_ASSERT_STRING_NOT_EQUAL(a, b);
	CU_ASSERT_TRUE(refresh_parse(ring, a, sid));
	CU_ASSERT_STRING_EQUAL(sid, SID);
	refresh_new(ring, OTHER, b);
	CU_ASSERT_TRUE(refresh_parse(ring, b, sid));
	CU_ASSERT_STRING_EQUAL(sid, OTHER);
	close_all();
}

static void
one_successor(void)
{
	char first[REFRESH_SIZE];
	char a[REFRESH_SIZE];
	char b[REFRESH_SIZE];
	char sid[ID_SIZE];

	open_all();
	refresh_new(ring, SID, first);
	refresh_next(ring, first, a);
	refresh_next(ring, first, b);
	CU_ASSERT_STRING_EQUAL(a, b);
	CU_ASSERT_STRING_NOT_EQUAL(a, first);
	CU_ASSERT_TRUE(refresh_parse(ring, a, sid));
	CU_ASSERT_STRING_EQUAL(sid, SID);
	refresh_next(ring, a, b);
	CU_ASSERT_STRING_NOT_EQUAL(a, b);
	close_all();
}

static void
not_ours(void)
{
	char token[REFRESH_SIZE];
	char sid[ID_SIZE];
	struct keyring *stranger;
	size_t n = REFRESH_SIZE - 1;

	open_all();
	stranger = fixture_ring(&c, "1 " KEY_TWO "\n");
	refresh_new(stranger, SID, token);
	CU_ASSERT_FALSE(refresh_parse(ring, token, sid));
	refresh_new(ring, SID, token);
	for (size_t i = 0; i < n; i++) {
		char *t = arena_dup(c.mem, token);

		t[i] = t[i] == 'A' ? 'B' : 'A';
		CU_ASSERT_FALSE(refresh_parse(ring, t, sid));
		t[i] = '=';
		CU_ASSERT_FALSE(refresh_parse(ring, t, sid));
		t[i] = '\0';
		CU_ASSERT_FALSE(refresh_parse(ring, t, sid));
	}
	CU_ASSERT_FALSE(
	    refresh_parse(ring, arena_fmt(c.mem, "%sA", token), sid));
	CU_ASSERT_FALSE(refresh_parse(ring, "", sid));
	keyring_close(&stranger);
	close_all();
}

static void
survives_a_rotation(void)
{
	char old[REFRESH_SIZE];
	char next[REFRESH_SIZE];
	char sid[ID_SIZE];
	struct keyring *both;
	struct keyring *only_new;

	open_all();
	both = fixture_ring(&c, "2 " KEY_TWO "\n1 " KEY_ONE "\n");
	only_new = fixture_ring(&c, "2 " KEY_TWO "\n");
	refresh_new(ring, SID, old);
	CU_ASSERT_TRUE(refresh_parse(both, old, sid));
	refresh_next(both, old, next);
	CU_ASSERT_TRUE(refresh_parse(only_new, next, sid));
	CU_ASSERT_FALSE(refresh_parse(only_new, old, sid));
	keyring_close(&both);
	keyring_close(&only_new);
	close_all();
}

SUITE("refresh", {"a token names its session and is new", names_its_session},
    {"each token has exactly one successor", one_successor},
    {"a changed or foreign token is not ours", not_ours},
    {"a session survives the change of the key", survives_a_rotation})
