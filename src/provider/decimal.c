#include "provider/decimal.h"

#include "base/text.h"

#define PLACES     6
#define MAX_SCALE  30 /* |exponent| that still makes sense for money */
#define MAX_DIGITS 30 /* significant digits that fit the mantissa */

__extension__ typedef __int128 wide;

struct mantissa {
	wide value;
	int digits; /* significant ones */
	int places; /* behind the point */
	bool any;
};

/* Read digits at *p; false when there are more than the mantissa holds. */
static bool
read_digits(const char **p, struct mantissa *m, int places)
{
	for (; **p >= '0' && **p <= '9'; (*p)++) {
		m->any = true;
		m->places += places;
		m->value = m->value * 10 + (**p - '0');
		if (m->value != 0 && ++m->digits > MAX_DIGITS)
			return false;
	}
	return m->places <= 2 * MAX_SCALE;
}

static bool
read_exponent(const char *p, int64_t *out)
{
	*out = 0;
	if (*p == '\0')
		return true;
	if (*p != 'e' && *p != 'E')
		return false;
	p++;
	if (*p == '+')
		p++;
	return text_to_i64(p, -MAX_SCALE, MAX_SCALE, out);
}

/* m * 10^scale, rounded away from zero; false when beyond int64. */
static bool
scale_to(wide value, int64_t scale, int64_t *out)
{
	bool rest = false;

	for (; scale > 0 && value <= INT64_MAX; scale--)
		value *= 10;
	for (; scale < 0; scale++) {
		rest = rest || value % 10 != 0;
		value /= 10;
	}
	if (rest)
		value++;
	if (value > INT64_MAX)
		return false;
	*out = (int64_t)value;
	return true;
}

bool
decimal_parse(const char *text, int64_t *micros)
{
	struct mantissa m = {0};
	const char *p = text;
	bool negative = *p == '-';
	int64_t exponent;
	int64_t v;

	if (negative)
		p++;
	if (!read_digits(&p, &m, 0))
		return false;
	if (*p == '.') {
		p++;
		if (!read_digits(&p, &m, 1))
			return false;
	}
	if (!m.any || !read_exponent(p, &exponent) ||
	    !scale_to(m.value, PLACES - m.places + exponent, &v))
		return false;
	*micros = negative ? -v : v;
	return true;
}
