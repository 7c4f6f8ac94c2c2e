#include <string.h>

#include "base/money.h"
#include "harness/suite.h"

/* What is read, what it is printed as; NULL when it must be refused. */
struct row {
	const char *text;
	int64_t micros;
	const char *printed;
};

static const struct row rows[] = {
    {"0", 0, "0.000000"}, {"7", 7000000, "7.000000"},
    {"0.35", 350000, "0.350000"}, {".5", 500000, "0.500000"},
    {"7.", 7000000, "7.000000"}, {"0.0001", 100, "0.000100"},
    {"0.000001", 1, "0.000001"}, {"-0.000001", -1, "-0.000001"},
    {"-12.34", -12340000, "-12.340000"}, {"-0", 0, "0.000000"},
    {"00012.5", 12500000, "12.500000"},
    {"1.500000000000000000000000", 1500000, "1.500000"},
    {"9223372036854.775807", INT64_MAX, "9223372036854.775807"},
    {"-9223372036854.775807", -INT64_MAX, "-9223372036854.775807"},
    {"9223372036854.775808", 0, NULL}, {"9223372036855", 0, NULL},
    {"99999999999999999999", 0, NULL}, {"0.0000001", 0, NULL},
    {"1.1234567", 0, NULL}, {"1e3", 0, NULL}, {"1E3", 0, NULL}, {"+5", 0, NULL},
    {" 1", 0, NULL}, {"1 ", 0, NULL}, {"1\n", 0, NULL}, {"", 0, NULL},
    {".", 0, NULL}, {"-", 0, NULL}, {"-.", 0, NULL}, {"--1", 0, NULL},
    {"1-", 0, NULL}, {"1.2.3", 0, NULL}, {"1,5", 0, NULL}, {"1_000", 0, NULL},
    {"0x10", 0, NULL}, {"NaN", 0, NULL}, {"Infinity", 0, NULL},
    {"\xd9\xa1", 0, NULL}, /* an Arabic-Indic one */
};

static void
read_exactly(void)
{
	char text[MONEY_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		int64_t micros = 42;
		bool ok = money_parse(rows[i].text, &micros);

		if (ok != (rows[i].printed != NULL) ||
		    micros != (ok ? rows[i].micros : 42))
			CU_FAIL(rows[i].text);
		money_print(micros, text);
		if (ok && strcmp(text, rows[i].printed) != 0)
			CU_FAIL(rows[i].text);
	}
	money_print(INT64_MIN, text);
	CU_ASSERT_STRING_EQUAL(text, "-9223372036854.775808");
}

struct short_row {
	int64_t micros;
	int decimals;
	const char *printed;
};

static void
printed_short(void)
{
	static const struct short_row shorts[] = {
	    {350000, 2, "0.35"},
	    {350000, 0, "0.35"},
	    {7000000, 2, "7.00"},
	    {7000000, 0, "7"},
	    {70000000, 0, "70"},
	    {100, 2, "0.0001"},
	    {-1, 2, "-0.000001"},
	    {0, 0, "0"},
	    {0, 6, "0.000000"},
	};
	char text[MONEY_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(shorts) / sizeof(shorts[0]); i++) {
		money_print_short(shorts[i].micros, shorts[i].decimals, text);
		CU_ASSERT_STRING_EQUAL(text, shorts[i].printed);
	}
}

/* a * num / den rounded up; `ok` false: refused. */
struct scale_row {
	int64_t a, num, den, out;
	bool ok;
};

static void
scaled_up(void)
{
	static const struct scale_row scales[] = {
	    {100, 130, 100, 130, true},
	    {1, 1, 3, 1, true},
	    {3, 1, 3, 1, true},
	    {-1, 1, 3, 0, true},
	    {-3, 1, 3, -1, true},
	    {0, 5, 7, 0, true},
	    {INT64_MAX, 1, 1, INT64_MAX, true},
	    {INT64_MAX, 1000000, 1000000, INT64_MAX, true},
	    {INT64_MIN, 1, 1, INT64_MIN, true},
	    {INT64_MAX, 2, 1, 0, false},
	    {INT64_MIN, -1, 1, 0, false},
	    {INT64_MIN, 2, 1, 0, false},
	    {1, 1, 0, 0, false},
	    {1, 1, -1, 0, false},
	};

	for (size_t i = 0; i < sizeof(scales) / sizeof(scales[0]); i++) {
		const struct scale_row *r = &scales[i];
		int64_t out = 0;

		CU_ASSERT_EQUAL(
		    money_scale_up(r->a, r->num, r->den, &out), r->ok);
		CU_ASSERT_EQUAL(out, r->out);
	}
}

SUITE("money", {"amounts are read to the last micro or refused", read_exactly},
    {"a short print drops only zeros", printed_short},
    {"a price is scaled up, never down, never over", scaled_up})
