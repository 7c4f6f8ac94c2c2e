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

bool
money_parse(const char *text, int64_t *micros)
{
	const char *p = text;
	bool negative = *p == '-';
	bool any = false;
	int64_t v = 0;
	int places = 0;

	if (negative)
		p++;
	for (; *p >= '0' && *p <= '9'; p++, any = true)
		if (!push_digit(&v, *p - '0'))
			return false;
	if (*p == '.')
		p++;
	for (; *p >= '0' && *p <= '9'; p++, any = true) {
		if (places == DECIMALS && *p != '0')
			return false;
		if (places < DECIMALS && !push_digit(&v, *p - '0'))
			return false;
		if (places < DECIMALS)
			places++;
	}
	if (!any || *p != '\0')
		return false;
	for (; places < DECIMALS; places++)
		if (!push_digit(&v, 0))
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
