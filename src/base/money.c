#include "base/money.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#define DECIMALS 6

void
money_print(int64_t micros, char out[MONEY_TEXT_SIZE])
{
	uint64_t abs = micros < 0 ? 0 - (uint64_t)micros : (uint64_t)micros;

	(void)snprintf(out, MONEY_TEXT_SIZE, "%s%" PRIu64 ".%06" PRIu64,
	    micros < 0 ? "-" : "", abs / (uint64_t)MONEY_ONE,
	    abs % (uint64_t)MONEY_ONE);
}

void
money_print_short(int64_t micros, int decimals, char out[MONEY_TEXT_SIZE])
{
	size_t keep;
	size_t len;

	money_print(micros, out);
	len = strlen(out);
	keep = len - DECIMALS + (size_t)decimals;
	while (len > keep && out[len - 1] == '0')
		out[--len] = '\0';
	if (out[len - 1] == '.')
		out[len - 1] = '\0';
}

/* Add one digit to *v at ten times its value; false on overflow. */
static bool
push_digit(int64_t *v, int digit)
{
	return !__builtin_mul_overflow(*v, 10, v) &&
	    !__builtin_add_overflow(*v, digit, v);
}

static bool
is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

/* All digits at *p, moved past; false on overflow. */
static bool
push_whole(const char **p, int64_t *v)
{
	for (; is_digit(**p); (*p)++)
		if (!push_digit(v, **p - '0'))
			return false;
	return true;
}

/* The digits behind the point, always six: further ones must be zero. */
static bool
push_fraction(const char **p, int64_t *v)
{
	int places = 0;

	for (; is_digit(**p); (*p)++, places++)
		if (places < DECIMALS ? !push_digit(v, **p - '0') : **p != '0')
			return false;
	for (; places < DECIMALS; places++)
		if (!push_digit(v, 0))
			return false;
	return true;
}

bool
money_parse(const char *text, int64_t *micros)
{
	bool negative = *text == '-';
	const char *p = text + negative;
	int64_t v = 0;

	if (!push_whole(&p, &v))
		return false;
	p += *p == '.';
	if (!push_fraction(&p, &v) || *p != '\0')
		return false;
	if (strpbrk(text, "0123456789") == NULL)
		return false;
	*micros = negative ? -v : v;
	return true;
}

bool
money_scale_up(int64_t a, int64_t num, int64_t den, int64_t *out)
{
	__extension__ typedef __int128 wide;
	wide product = (wide)a * num;
	wide q;

	if (den <= 0)
		return false;
	q = product / den;
	if (product % den > 0)
		q++;
	if (q > INT64_MAX || q < INT64_MIN)
		return false;
	*out = (int64_t)q;
	return true;
}
