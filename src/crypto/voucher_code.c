#include "crypto/voucher_code.h"

#include <ctype.h>
#include <string.h>

#include <sodium.h>

#include "base/law.h"
#include "crypto/secret.h"

#define ALPHABET "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
#define CHARS    25
#define GROUP    5

_Static_assert(sizeof(ALPHABET) == 33, "five bits a character");
_Static_assert(VOUCHER_CODE_SIZE == CHARS + CHARS / GROUP, "hyphens and a NUL");
_Static_assert(VOUCHER_HINT_SIZE == GROUP + 1, "a group");

void
voucher_code_new(char out[VOUCHER_CODE_SIZE])
{
	for (int i = 0; i < CHARS; i++) {
		if (i > 0 && i % GROUP == 0)
			*out++ = '-';
		*out++ = ALPHABET[randombytes_uniform(sizeof(ALPHABET) - 1)];
	}
	*out = '\0';
}

void
voucher_code_hint(const char *code, char out[VOUCHER_HINT_SIZE])
{
	size_t n = strlen(code);

	law(n >= GROUP);
	memcpy(out, code + n - GROUP, VOUCHER_HINT_SIZE);
}

/* As it was made; NUL for what a code never has. */
static char
normal(char ch)
{
	const char up = (char)toupper((unsigned char)ch);

	if (up == 'I' || up == 'L')
		return '1';
	if (up == 'O')
		return '0';
	if (strchr(ALPHABET, up) == NULL)
		return '\0';
	return up;
}

void
voucher_code_hash(const char *typed, unsigned char out[DIGEST_SIZE])
{
	char code[CHARS + 1];
	size_t n = 0;

	for (; *typed != '\0'; typed++) {
		char ch = normal(*typed);

		if (strchr(" -\t", *typed) != NULL)
			continue;
		/* Nothing is made with a code of another length or alphabet:
		 * it is hashed all the same, so that it takes the same time. */
		if (ch == '\0' || n == CHARS) {
			n = 0;
			break;
		}
		code[n++] = ch;
	}
	digest_sha256(code, n == CHARS ? n : 0, out);
	secret_wipe(code, sizeof(code));
}
