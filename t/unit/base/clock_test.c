#include <string.h>

#include "base/clock.h"
#include "harness/suite.h"

/* What is read, what it is printed as; NULL when it must be refused. */
struct row {
	const char *text, *printed;
};

static const struct row rows[] = {
    {"1970-01-01T00:00:00Z", "1970-01-01T00:00:00.000000Z"},
    {"2026-11-24T11:22:07Z", "2026-11-24T11:22:07.000000Z"},
    {"2026-11-24t11:22:07z", "2026-11-24T11:22:07.000000Z"},
    {"2026-11-24 11:22:07+00", "2026-11-24T11:22:07.000000Z"},
    {"2026-11-24 11:22:07.25-03", "2026-11-24T14:22:07.250000Z"},
    {"2026-11-24 11:22:07+00:00", "2026-11-24T11:22:07.000000Z"},
    {"2026-11-24T11:22:07.5Z", "2026-11-24T11:22:07.500000Z"},
    {"2026-11-24T11:22:07.1234567891Z", "2026-11-24T11:22:07.123456Z"},
    {"2026-11-24T01:22:07+02:00", "2026-11-23T23:22:07.000000Z"},
    {"2026-11-24T01:22:07+0530", "2026-11-23T19:52:07.000000Z"},
    {"2026-12-31T23:59:59-00:30", "2027-01-01T00:29:59.000000Z"},
    {"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000000Z"},
    {"2000-02-29T00:00:00Z", "2000-02-29T00:00:00.000000Z"},
    {"9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"},
    {"2023-02-29T00:00:00Z", NULL},
    {"2100-02-29T00:00:00Z", NULL},
    {"2026-02-30T00:00:00Z", NULL},
    {"2026-04-31T00:00:00Z", NULL},
    {"2026-13-01T00:00:00Z", NULL},
    {"2026-00-01T00:00:00Z", NULL},
    {"2026-01-00T00:00:00Z", NULL},
    {"2026-01-01T24:00:00Z", NULL},
    {"2026-01-01T00:60:00Z", NULL},
    {"2026-01-01T00:00:61Z", NULL},
    {"2026-01-01T00:00:00", NULL},
    {"2026-01-01T00:00:00+24:00", NULL},
    {"2026-01-01T00:00:00+1:00", NULL},
    {"2026-01-01T00:00:00+00:", NULL},
    {"2026-01-01T00:00:00Z ", NULL},
    {" 2026-01-01T00:00:00Z", NULL},
    {"2026-01-01", NULL},
    {"2026-1-1T00:00:00Z", NULL},
    {"1969-12-31T23:59:59Z", NULL},
    {"+2026-01-01T00:00:00Z", NULL},
    {"2026-01-01T00:00:00.Z", NULL},
    {"1970-01-01T00:00:00+01:00", NULL},
    {"9999-12-31T23:59:59-00:01", NULL},
    {"2026-01-01T00:00:00+0", NULL},
    {"2026-01-01T00:00:00+", NULL},
    {"", NULL},
    {"now", NULL},
};

static void
read_exactly(void)
{
	char text[CLOCK_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t us = 0;
		bool ok = clock_parse(rows[i].text, &us);

		if (ok != (rows[i].printed != NULL))
			CU_FAIL(rows[i].text);
		clock_print(us, text);
		if (ok && rows[i].printed != NULL &&
		    strcmp(text, rows[i].printed) != 0)
			CU_FAIL(rows[i].text);
	}
}

static int64_t
frozen(void)
{
	return 7 * CLOCK_SECOND;
}

static void
faked(void)
{
	clock_fake(frozen, frozen);
	CU_ASSERT_EQUAL(clock_now(), 7 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(clock_mono(), 7 * CLOCK_SECOND);
	clock_fake(NULL, NULL);
	CU_ASSERT_TRUE(clock_now() > INT64_C(1700000000) * CLOCK_SECOND);
	CU_ASSERT_TRUE(clock_mono() != 7 * CLOCK_SECOND);
}

SUITE("clock", {"a time is read exactly or refused", read_exactly},
    {"both clocks can be replaced and given back", faked})
