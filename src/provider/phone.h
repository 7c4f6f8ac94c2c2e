/* phone - upstream numbers to E.164, and the check against the country. */
#ifndef PROVIDER_PHONE_H
#define PROVIDER_PHONE_H

#include <stdbool.h>

struct arena;

/*
 * "+" and the digits of `raw` ("79991112233", "+44 7350-690992", "0044…").
 * NULL when they cannot be an international number: E.164 has 7 to 15
 * digits and does not begin with 0. Masked digits ("79584***") are refused.
 */
const char *phone_from(struct arena *mem, const char *raw);

/* True when `e164` belongs to the dial code ("44", "+44", "1-868"). */
bool phone_matches_dial(const char *e164, const char *dial);

#endif
