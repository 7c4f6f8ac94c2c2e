/*
 * descriptor_fuzz - any text as a descriptor: it is refused with a reason,
 * or it compiles and reads an answer.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/law.h"
#include "provider/engine.h"

static const char body[] = "{\"id\":7,\"phone\":\"+447350690992\",\"sms\":[]}";

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n);

int
LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
	const char *dir = getenv("NUMLEASE_PROVIDERS");
	struct arena *mem = arena_new("fuzz", (size_t)256 << 20);
	struct ctx c = {.mem = mem};
	struct vars v = {.key = "k", .service = "tg", .country = "1"};
	struct answer a = {
	    .status = 200, .body = body, .body_len = sizeof(body) - 1};
	const struct descriptor *d = NULL;
	struct outcome o;
	struct call call;

	if (descriptor_parse(&c, dir == NULL ? "providers" : dir,
		(const char *)bytes, n, &d) != OK) {
		law(c.err_why != NULL);
	} else {
		for (int op = 0; op < OP__MAX; op++) {
			engine_read(&c, d, (enum upstream_op)op, &v, &a, &o);
			if (engine_request(
				&c, d, (enum upstream_op)op, &v, &call) != OK)
				ctx_forgive(&c);
		}
	}
	arena_free(&mem);
	return 0;
}
