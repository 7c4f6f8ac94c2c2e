#include "service/canary.h"

#include <stdbool.h>

#include "base/arena.h"
#include "crypto/seal.h"
#include "crypto/vault.h"
#include "store/canary_store.h"

static enum err
open_it(struct ctx *c, const unsigned char *bytes, size_t n)
{
	struct sealed s = {.at = arena_alloc(c->mem, n, 1), .size = n};

	for (size_t i = 0; i < n; i++)
		s.at[i] = bytes[i];
	return seal_canary_open(c, c->vault->master, &s);
}

enum err
canary_check(struct ctx *c)
{
	const unsigned char *bytes = NULL;
	struct sealed s;
	size_t n = 0;
	bool found = false;

	TRY(canary_store_find(c, &bytes, &n, &found));
	if (!found) {
		s = seal_canary_new(c, c->vault->master);
		TRY(canary_store_add(c, s.at, s.size));
		TRY(canary_store_find(c, &bytes, &n, &found));
	}
	if (!found)
		return fail(c, ERR_INTERNAL, "the canary does not stay");
	return open_it(c, bytes, n);
}
