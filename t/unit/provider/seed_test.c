#include "harness/suite.h"
#include "provider/seed.h"

/* The first figures of splitmix64 from seed 1234567, as its authors' C
 * program prints them: a decision of today must draw the same for ever. */
static void
the_sequence_is_fixed(void)
{
	struct seed s = {1234567};

	CU_ASSERT_EQUAL(seed_next(&s), UINT64_C(6457827717110365317));
	CU_ASSERT_EQUAL(seed_next(&s), UINT64_C(3203168211198807973));
	CU_ASSERT_EQUAL(seed_next(&s), UINT64_C(9817491932198370423));
	CU_ASSERT_EQUAL(seed_next(&s), UINT64_C(4593380528125082431));
	CU_ASSERT_EQUAL(seed_next(&s), UINT64_C(16408922859458223821));
}

static void
draws_stay_below(void)
{
	struct seed s = {7};
	unsigned counts[10] = {0};

	for (int i = 0; i < 100000; i++)
		counts[seed_below(&s, 10)]++;
	for (int i = 0; i < 10; i++)
		CU_ASSERT(counts[i] > 9600 && counts[i] < 10400);
	for (int i = 0; i < 100; i++)
		CU_ASSERT_EQUAL(seed_below(&s, 1), 0);
}

/* The bound is three quarters of all values: the rest is drawn again. */
static void
no_value_is_favoured(void)
{
	const uint64_t quarter = UINT64_C(1) << 62;
	struct seed s = {11};
	unsigned low = 0;

	for (int i = 0; i < 30000; i++)
		low += seed_below(&s, 3 * quarter) < quarter;
	CU_ASSERT(low > 9700 && low < 10300);
}

SUITE("seed", {"the sequence of a seed never changes", the_sequence_is_fixed},
    {"draws are even and below the bound", draws_stay_below},
    {"no value is favoured where the bound is large", no_value_is_favoured})
