#include "harness/suite.h"
#include "provider/decimal.h"

static const struct {
	const char *text;
	int64_t micros;
} good[] = {
    {"0", 0},
    {"21", 21000000},
    {"12.50", 12500000},
    {"0.0001", 100},
    {".5", 500000},
    {"7.", 7000000},
    {"1e-05", 10},
    {"1.5E+2", 150000000},
    {"0.1234567", 123457},
    {"0.12345600000000000000", 123456},
    {"0.0000001", 1},
    {"-3.25", -3250000},
    {"9223372036854.775807", INT64_MAX},
    {"000000000000000000000000000000000001", 1000000},
};

static const char *const bad[] = {"", "-", ".", "abc", "1,5", "1.2.3", "1e",
    "1e999", "0x10", " 1", "1 ", "NaN", "Infinity", "9223372036854.775808",
    "99999999999999999999999999999999999999999", "1e30", "--1"};

static void
read_as_micros(void)
{
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++) {
		int64_t v = -1;

		CU_ASSERT_TRUE(decimal_parse(good[i].text, &v));
		CU_ASSERT_EQUAL(v, good[i].micros);
	}
}

static void
others_are_refused(void)
{
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		int64_t v = 77;

		CU_ASSERT_FALSE(decimal_parse(bad[i], &v));
		CU_ASSERT_EQUAL(v, 77);
	}
}

SUITE("decimal", {"upstream numbers are read, rounded up", read_as_micros},
    {"what is no number is refused and leaves the value", others_are_refused})
