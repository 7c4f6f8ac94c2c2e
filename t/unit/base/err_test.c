#include <ctype.h>
#include <stdbool.h>
#include <string.h>

#include "base/err.h"
#include "harness/suite.h"

static bool
is_word(const char *s, int (*is_letter)(int))
{
	if (*s == '\0')
		return false;
	for (; *s != '\0'; s++)
		if (!is_letter((unsigned char)*s) && *s != '_')
			return false;
	return true;
}

static bool
is_sentence(const char *s)
{
	size_t n = strlen(s);

	return n > 10 && isupper((unsigned char)s[0]) && s[n - 1] == '.' &&
	    strchr(s, '%') == NULL;
}

static void
rows_are_complete(void)
{
	for (int i = 1; i < ERR__MAX; i++) {
		const struct err_row *r = err_row((enum err)i);

		if (!is_word(r->name, islower) || !is_sentence(r->text) ||
		    !is_word(r->hapi, isupper) || r->fivesim == NULL ||
		    r->http < 400 || r->http > 599)
			CU_FAIL(r->name);
	}
}

static void
names_are_unique(void)
{
	for (int i = 1; i < ERR__MAX; i++)
		for (int k = i + 1; k < ERR__MAX; k++)
			if (strcmp(err_row((enum err)i)->name,
				err_row((enum err)k)->name) == 0)
				CU_FAIL(err_row((enum err)i)->name);
}

/* A fault of ours is worth a warning; a client's fault is not. */
static void
levels_fit(void)
{
	for (int i = 1; i < ERR__MAX; i++) {
		const struct err_row *r = err_row((enum err)i);

		if (r->http < 500 && r->level > LEVEL_INFO)
			CU_FAIL(r->name);
	}
}

static void
unknown_is_internal(void)
{
	const struct err_row *internal = err_row(ERR_INTERNAL);

	CU_ASSERT_PTR_EQUAL(err_row(OK), internal);
	CU_ASSERT_PTR_EQUAL(err_row(ERR__MAX), internal);
	CU_ASSERT_PTR_EQUAL(err_row(SUSPENDED), internal);
	CU_ASSERT_PTR_EQUAL(err_row((enum err)9999), internal);
}

SUITE("err",
    {"each row has its words, a sentence and a status", rows_are_complete},
    {"names on the wire are unique", names_are_unique},
    {"a fault of the client is no warning", levels_fit},
    {"an unknown value reads as internal", unknown_is_internal})
