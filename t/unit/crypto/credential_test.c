#include <string.h>

#include "crypto/credential.h"
#include "unit/crypto/crypto_fixture.h"

#define EIGHT "AbCd0189"
#define S32   "0123456789ABCDEFGHIJabcdefghij01"

static const enum credential kinds[] = {
    CREDENTIAL_LIVE_KEY, CREDENTIAL_COMPAT_KEY};

static void
each_is_only_its_kind(void)
{
	char text[CREDENTIAL_SIZE];
	char other[CREDENTIAL_SIZE];

	for (int i = 0; i < 2; i++)
		for (int round = 0; round < 200; round++) {
			credential_new(kinds[i], text);
			credential_new(kinds[i], other);
			CU_ASSERT_STRING_NOT_EQUAL(text, other);
			for (int k = 0; k < 2; k++)
				CU_ASSERT_EQUAL(
				    credential_is(kinds[k], text), k == i);
		}
}

static void
malformed(void)
{
	static const struct {
		enum credential kind;
		const char *text;
	} rows[] = {
	    {CREDENTIAL_LIVE_KEY, ""},
	    {CREDENTIAL_LIVE_KEY, "nl_live_"},
	    {CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT},
	    {CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "_"},
	    {CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "_" S32 "0"},
	    {CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "0_" S32},
	    {CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "-" S32},
	    {CREDENTIAL_LIVE_KEY, "NL_LIVE_" EIGHT "_" S32},
	    {CREDENTIAL_LIVE_KEY, "nl_test_" EIGHT "_" S32},
	    {CREDENTIAL_LIVE_KEY, " nl_live_" EIGHT "_" S32},
	    {CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "_" S32 " "},
	    {CREDENTIAL_LIVE_KEY, S32},
	    {CREDENTIAL_COMPAT_KEY, ""},
	    {CREDENTIAL_COMPAT_KEY, S32 "0"},
	    {CREDENTIAL_COMPAT_KEY, S32 "\n"},
	    {CREDENTIAL_COMPAT_KEY, "0123456789ABCDEFGHIJabcdefghij0"},
	    {CREDENTIAL_COMPAT_KEY, "0123456789ABCDEFGHIJabcdefghij0_"},
	    {CREDENTIAL_COMPAT_KEY, "0123456789ABCDEFGHIJabcdefghij0'"},
	    {CREDENTIAL_UNSET, S32},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		CU_ASSERT_FALSE(credential_is(rows[i].kind, rows[i].text));
	CU_ASSERT_TRUE(
	    credential_is(CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "_" S32));
	CU_ASSERT_TRUE(credential_is(CREDENTIAL_COMPAT_KEY, S32));
}

static void
prefix_is_no_secret(void)
{
	char out[CREDENTIAL_PREFIX_SIZE];

	credential_prefix(CREDENTIAL_LIVE_KEY, "nl_live_" EIGHT "_" S32, out);
	CU_ASSERT_STRING_EQUAL(out, "nl_live_" EIGHT);
	credential_prefix(CREDENTIAL_COMPAT_KEY, S32, out);
	CU_ASSERT_STRING_EQUAL(out, "0123");
}

/* Each of 62 characters about equally often; a bias would show. */
static void
characters_are_uniform(void)
{
	unsigned count[256] = {0};
	char text[CREDENTIAL_SIZE];
	int used = 0;

	for (int i = 0; i < 4000; i++) {
		credential_new(CREDENTIAL_COMPAT_KEY, text);
		for (const char *p = text; *p != '\0'; p++)
			count[(unsigned char)*p]++;
	}
	for (int i = 0; i < 256; i++)
		if (count[i] > 0) {
			/* mean 2064.5, standard deviation 45 */
			CU_ASSERT_TRUE(count[i] > 1790 && count[i] < 2340);
			used++;
		}
	CU_ASSERT_EQUAL(used, 62);
}

SUITE("credential", {"a new secret is of its kind only", each_is_only_its_kind},
    {"a malformed secret is of no kind", malformed},
    {"a prefix shows nothing of the secret", prefix_is_no_secret},
    {"each character is equally likely", characters_are_uniform})
