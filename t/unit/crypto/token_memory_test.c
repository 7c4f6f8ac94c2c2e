/*
 * Fails the n-th allocation inside libjwt and jansson, for every n: this
 * program's malloc stands before libc's for the shared libraries too.
 */
#include <errno.h>
#include <string.h>

#include "crypto/token.h"
#include "unit/crypto/crypto_fixture.h"

#define NOW INT64_C(1800000000)
#define SID "0192f0c1-7b3a-7c55-8d11-2f6f0e6a9b01"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define CANNOT_INTERPOSE 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define CANNOT_INTERPOSE 1
#endif
#endif

#ifdef CANNOT_INTERPOSE

int
main(void)
{
	return suite_skip("the sanitizer owns malloc");
}

#else

void *__libc_malloc(size_t n);
void *__libc_realloc(void *p, size_t n);
#define VISIBLE __attribute__((visibility("default")))

/* Count down while armed; the allocation that reaches zero fails. */
static long fail_after;
static bool is_armed;
static bool has_failed;

static bool
must_fail(void)
{
	if (!is_armed || fail_after-- != 0)
		return false;
	has_failed = true;
	errno = ENOMEM;
	return true;
}

VISIBLE void *
malloc(size_t n)
{
	return must_fail() ? NULL : __libc_malloc(n);
}

VISIBLE void *
realloc(void *p, size_t n)
{
	return must_fail() ? NULL : __libc_realloc(p, n);
}

static struct ctx c;
static struct keyring *ring;

static const struct token_claims good = {.user = 42,
    .session = SID,
    .version = 3,
    .issued = NOW,
    .expires = NOW + 600};

static void
arm(long n)
{
	fail_after = n;
	has_failed = false;
	is_armed = true;
}

/* A token with one character of the signature changed. */
static char *
forged(const char *token)
{
	char *t = arena_dup(c.mem, token);
	char *at = strrchr(t, '.') + 5;

	*at = *at == 'A' ? 'B' : 'A';
	return t;
}

static long
sweep(const char *token, bool is_good)
{
	struct token_claims t;
	enum err e;
	long n = 0;

	do {
		arm(n++);
		e = token_verify(&c, ring, token, NOW, &t);
		is_armed = false;
		/* Without memory a good token may pass only unharmed. */
		if (e == OK)
			CU_ASSERT_TRUE(is_good && t.user == 42 && !t.admin);
	} while (has_failed && n < 1000);
	CU_ASSERT_EQUAL(e, is_good ? OK : ERR_UNAUTHENTIC);
	return n - 1;
}

static void
never_verifies_without_memory(void)
{
	const char *token = NULL;
	long points;

	c = fixture_ctx();
	ring = fixture_ring(&c, "1 " KEY_ONE "\n");
	CU_ASSERT_EQUAL_FATAL(token_issue(&c, ring, &good, &token), OK);
	points = sweep(forged(token), false);
	CU_ASSERT_TRUE(points > 5);
	printf("# forged: %ld allocation points\n", points);
	points = sweep(token, true);
	printf("# good: %ld allocation points\n", points);
	keyring_close(&ring);
	arena_free(&c.mem);
}

static void
never_issues_half(void)
{
	struct token_claims t;
	const char *token = NULL;
	enum err e;
	long n = 0;

	c = fixture_ctx();
	ring = fixture_ring(&c, "1 " KEY_ONE "\n");
	do {
		arm(n++);
		e = token_issue(&c, ring, &good, &token);
		is_armed = false;
		if (e == OK)
			CU_ASSERT_EQUAL(
			    token_verify(&c, ring, token, NOW, &t), OK);
	} while (has_failed && n < 1000);
	CU_ASSERT_EQUAL(e, OK);
	printf("# issue: %ld allocation points\n", n - 1);
	keyring_close(&ring);
	arena_free(&c.mem);
}

SUITE("token without memory",
    {"a failed allocation never makes a token valid",
	never_verifies_without_memory},
    {"a failed allocation never issues half a token", never_issues_half})

#endif
