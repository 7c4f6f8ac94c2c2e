/*
 * decimal - upstream numbers ("12.5", 0.1234567, 1e-05) to micros. Digits
 * beyond the sixth round away from zero: a cost is never read too low.
 */
#ifndef PROVIDER_DECIMAL_H
#define PROVIDER_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

/* False, and *micros untouched, when it is not one number or too large. */
bool decimal_parse(const char *text, int64_t *micros);

#endif
