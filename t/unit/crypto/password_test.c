#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "crypto/password.h"
#include "unit/crypto/crypto_fixture.h"

/* Cheap, so that the suite stays fast; the form is the same. */
static const struct password_cost cheap = {1, 64 * 1024};
static const struct password_cost dear = {2, 128 * 1024};
static struct ctx c;

static void
right_and_wrong(void)
{
	char hash[PASSWORD_HASH_SIZE];
	char again[PASSWORD_HASH_SIZE];

	c = fixture_ctx();
	CU_ASSERT_EQUAL_FATAL(
	    password_hash(&c, &cheap, "correct horse", hash), OK);
	CU_ASSERT_EQUAL(strncmp(hash, "$argon2id$v=19$m=64,t=1,p=1$", 28), 0);
	CU_ASSERT_EQUAL(password_verify(&c, &cheap, hash, "correct horse"), OK);
	CU_ASSERT_EQUAL(
	    password_verify(&c, &cheap, hash, "correct hors"), ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL(
	    password_verify(&c, &cheap, hash, "correct horse "), ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL(password_verify(&c, &cheap, hash, ""), ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL(password_verify(&c, &cheap, "", ""), ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL(password_verify(&c, &cheap, "x", "x"), ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL_FATAL(
	    password_hash(&c, &cheap, "correct horse", again), OK);
	CU_ASSERT_STRING_NOT_EQUAL(hash, again);
	arena_free(&c.mem);
}

static void
outdated(void)
{
	char hash[PASSWORD_HASH_SIZE];

	c = fixture_ctx();
	CU_ASSERT_EQUAL_FATAL(password_hash(&c, &cheap, "pass", hash), OK);
	CU_ASSERT_FALSE(password_is_outdated(&cheap, hash));
	CU_ASSERT_TRUE(password_is_outdated(&dear, hash));
	CU_ASSERT_TRUE(password_is_outdated(&cheap, "$2b$10$abcdef"));
	/* A hash of another cost still verifies. */
	CU_ASSERT_EQUAL(password_verify(&c, &dear, hash, "pass"), OK);
	arena_free(&c.mem);
}

/* CPU time, so that a busy machine does not count. */
static int64_t
cpu_now(void)
{
	struct timespec t;

	law(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t) == 0);
	return (int64_t)t.tv_sec * CLOCK_SECOND + t.tv_nsec / 1000;
}

/* The cheapest of some runs: noise of the machine only ever adds. */
static int64_t
time_of(const struct password_cost *cost, const char *hash)
{
	int64_t best = INT64_MAX;

	for (int i = 0; i < 9; i++) {
		int64_t start = cpu_now();

		CU_ASSERT_EQUAL(
		    password_verify(&c, cost, hash, "wrong"), ERR_BAD_LOGIN);
		if (cpu_now() - start < best)
			best = cpu_now() - start;
	}
	return best;
}

static void
nobody_takes_as_long(void)
{
	const struct password_cost real = {2, 8 << 20};
	char hash[PASSWORD_HASH_SIZE];
	int64_t known;
	int64_t nobody;

	c = fixture_ctx();
	CU_ASSERT_EQUAL_FATAL(password_hash(&c, &real, "pass", hash), OK);
	known = time_of(&real, hash);
	nobody = time_of(&real, NULL);
	printf("# known %lld us, nobody %lld us\n", (long long)known,
	    (long long)nobody);
	CU_ASSERT_TRUE(nobody > known / 2 && nobody < known * 2);
	arena_free(&c.mem);
}

SUITE("password", {"only the right password verifies", right_and_wrong},
    {"a hash of another cost is outdated but works", outdated},
    {"an unknown user costs as much as a known one", nobody_takes_as_long})
