#include "provider/phone.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"

#define MIN_DIGITS 7
#define MAX_DIGITS 15

static bool
is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

const char *
phone_from(struct arena *mem, const char *raw)
{
	char digits[MAX_DIGITS + 3] = "+";
	size_t n = 1;

	while (*raw == ' ')
		raw++;
	if (raw[0] == '0' && raw[1] == '0')
		raw += 2;
	for (const char *p = raw; *p != '\0'; p++) {
		if (is_digit(*p) && n <= MAX_DIGITS)
			digits[n++] = *p;
		else if (is_digit(*p) || strchr("+ -().", *p) == NULL)
			return NULL;
	}
	if (n <= MIN_DIGITS || digits[1] == '0')
		return NULL;
	return arena_strndup(mem, digits, n);
}

bool
phone_matches_dial(const char *e164, const char *dial)
{
	const char *p = e164;
	bool any = false;

	if (*p++ != '+')
		return false;
	for (; *dial != '\0'; dial++) {
		if (!is_digit(*dial))
			continue;
		if (*p++ != *dial)
			return false;
		any = true;
	}
	return any;
}
