#include "provider/seed.h"

#include "base/law.h"

uint64_t
seed_next(struct seed *s)
{
	uint64_t z = s->state += UINT64_C(0x9e3779b97f4a7c15);

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

uint64_t
seed_below(struct seed *s, uint64_t below)
{
	uint64_t limit;
	uint64_t v;

	law(below > 0);
	/* Values from the incomplete last round would favour small results. */
	limit = UINT64_MAX - UINT64_MAX % below;
	do
		v = seed_next(s);
	while (v >= limit);
	return v % below;
}
