/*
 * voucher_code - the code of a voucher: 25 characters of Crockford's base 32
 * (no I, L, O, U), 125 random bits, in five groups: "7H3KD-0Q2VX-...". Of it
 * only the SHA-256 is kept, which is enough for that many bits.
 *
 * People type them: small letters, blanks and missing or other hyphens are
 * fine, I and L are 1, O is 0.
 */
#ifndef CRYPTO_VOUCHER_CODE_H
#define CRYPTO_VOUCHER_CODE_H

#include "crypto/digest.h"

#define VOUCHER_CODE_SIZE 30 /* with the NUL */
#define VOUCHER_HINT_SIZE 6

void voucher_code_new(char out[VOUCHER_CODE_SIZE]);

/* The last group, by which people name it. */
void voucher_code_hint(const char *code, char out[VOUCHER_HINT_SIZE]);

/* What is stored instead; text that is no code has a hash of no voucher. */
void voucher_code_hash(const char *typed, unsigned char out[DIGEST_SIZE]);

#endif
