/*
 * money - int64 micros of a currency; 1.000000 is 1000000. Never floating
 * point. In JSON and on the wire it is a decimal string.
 */
#ifndef BASE_MONEY_H
#define BASE_MONEY_H

#include <stdbool.h>
#include <stdint.h>

#define MONEY_ONE       INT64_C(1000000)
#define MONEY_TEXT_SIZE 32

/* "0.350000"; always six decimals. */
void money_print(int64_t micros, char out[MONEY_TEXT_SIZE]);

/* At least `decimals` (0 to 6) decimals, more only where they are not zero. */
void money_print_short(int64_t micros, int decimals, char out[MONEY_TEXT_SIZE]);

/*
 * Read a plain decimal, "-12.34", ".5" or "7": no exponent, no blanks, at
 * most six significant decimals (further zeros are fine), no overflow.
 */
bool money_parse(const char *text, int64_t *micros);

/* a * num / den, rounded up, for prices; false on overflow or den <= 0. */
bool money_scale_up(int64_t a, int64_t num, int64_t den, int64_t *out);

#endif
