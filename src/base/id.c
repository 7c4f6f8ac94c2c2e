#include "base/id.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "base/clock.h"
#include "base/law.h"

void
id_new(char out[ID_SIZE])
{
	uint64_t ms = (uint64_t)(clock_now() / CLOCK_MS);
	unsigned char b[16];

	law(getrandom(b, sizeof(b), 0) == (ssize_t)sizeof(b));
	for (int i = 0; i < 6; i++)
		b[i] = (unsigned char)(ms >> (40 - 8 * i));
	b[6] = (unsigned char)(0x70 | (b[6] & 0x0f));
	b[8] = (unsigned char)(0x80 | (b[8] & 0x3f));
	(void)snprintf(out, ID_SIZE,
	    "%02x%02x%02x%02x-%02x%02x-%02x%02x-%02x%02x-%02x%02x%02x%02x%02x%02x",
	    b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], b[10],
	    b[11], b[12], b[13], b[14], b[15]);
}

bool
id_is_valid(const char *s)
{
	if (strlen(s) != ID_SIZE - 1)
		return false;
	for (int i = 0; i < ID_SIZE - 1; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s[i] != '-' :
			   strchr("0123456789abcdef", s[i]) == NULL)
			return false;
	}
	return true;
}
