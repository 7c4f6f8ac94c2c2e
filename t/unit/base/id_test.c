#include <stdint.h>
#include <string.h>

#include "base/clock.h"
#include "base/id.h"
#include "harness/suite.h"

static int64_t now = INT64_C(1700000000000000);

static int64_t
fake(void)
{
	return now;
}

static void
version_7(void)
{
	char id[ID_SIZE];

	id_new(id);
	CU_ASSERT_TRUE(id_is_valid(id));
	CU_ASSERT_EQUAL(id[14], '7');
	CU_ASSERT_PTR_NOT_NULL(strchr("89ab", id[19]));
}

static void
sorted_by_creation(void)
{
	char a[ID_SIZE];
	char b[ID_SIZE];

	clock_fake(fake, NULL);
	for (int i = 0; i < 100; i++) {
		id_new(a);
		now += CLOCK_MS;
		id_new(b);
		CU_ASSERT_TRUE(strcmp(a, b) < 0);
	}
	id_new(a);
	id_new(b);
	CU_ASSERT_TRUE(strncmp(a, b, 13) == 0); /* the same millisecond */
	CU_ASSERT_TRUE(strcmp(a, b) != 0);
	clock_fake(NULL, NULL);
}

static void
validity(void)
{
	static const char *const bad[] = {"",
	    "018bcfe5-6800-7000-8000-00000000000",
	    "018bcfe5-6800-7000-8000-0000000000000",
	    "018BCFE5-6800-7000-8000-000000000000",
	    "018bcfe5_6800-7000-8000-000000000000",
	    "018bcfe56-800-7000-8000-000000000000",
	    "g18bcfe5-6800-7000-8000-000000000000",
	    "{18bcfe5-6800-7000-8000-00000000000}"};

	CU_ASSERT_TRUE(id_is_valid("018bcfe5-6800-7000-8000-000000000000"));
	CU_ASSERT_TRUE(id_is_valid("00000000-0000-0000-0000-000000000000"));
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (id_is_valid(bad[i]))
			CU_FAIL(bad[i]);
}

SUITE("id", {"an id is a UUID of version 7", version_7},
    {"ids sort by the millisecond of their creation", sorted_by_creation},
    {"only lower-case UUID text is an id", validity})
