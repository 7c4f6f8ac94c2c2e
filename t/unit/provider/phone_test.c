#include "base/arena.h"
#include "base/text.h"
#include "harness/suite.h"
#include "provider/phone.h"

static const struct {
	const char *raw;
	const char *phone; /* NULL is refused */
} numbers[] = {
    {"79991112233", "+79991112233"},
    {"+447350690992", "+447350690992"},
    {"+44 7350-690 992", "+447350690992"},
    {"00447350690992", "+447350690992"},
    {"1234567", "+1234567"},
    {"123456", NULL},
    {"123456789012345", "+123456789012345"},
    {"1234567890123456", NULL},
    {"0735069099", NULL},
    {"79584******", NULL},
    {"call me", NULL},
    {"", NULL},
};

static void
becomes_e164(void)
{
	struct arena *mem = arena_new("test", 1 << 20);

	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		CU_ASSERT(
		    text_eq(phone_from(mem, numbers[i].raw), numbers[i].phone));
	arena_free(&mem);
}

static void
dial_is_compared(void)
{
	CU_ASSERT_TRUE(phone_matches_dial("+447350690992", "44"));
	CU_ASSERT_TRUE(phone_matches_dial("+447350690992", "+44"));
	CU_ASSERT_TRUE(phone_matches_dial("+18685551234", "1-868"));
	CU_ASSERT_FALSE(phone_matches_dial("+447350690992", "33"));
	CU_ASSERT_FALSE(phone_matches_dial("+447350690992", ""));
	CU_ASSERT_FALSE(phone_matches_dial("447350690992", "44"));
	CU_ASSERT_FALSE(phone_matches_dial("+4", "44"));
	CU_ASSERT_FALSE(phone_matches_dial("", "44"));
}

SUITE("phone", {"upstream numbers become E.164 or are refused", becomes_e164},
    {"a number is compared with the country's dial code", dial_is_compared})
