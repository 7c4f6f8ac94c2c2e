/*
 * code_fuzz - any text as a message: a code, if one is found, is what a
 * person could type.
 */
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "provider/code.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	struct arena *mem = arena_new("fuzz", (size_t)16 << 20);
	const char *text = arena_strndup(mem, (const char *)bytes, n);
	const char *code = code_find(mem, text);

	if (code != NULL) {
		law(strlen(code) >= 4 && strlen(code) <= 10);
		law(code[strspn(code,
			"0123456789abcdefghijklmnopqrstuvwxyz"
			"ABCDEFGHIJKLMNOPQRSTUVWXYZ")] == '\0');
	}
	arena_free(&mem);
	return 0;
}
