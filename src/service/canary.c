#include "service/canary.h"

#include <stdbool.h>

#include "crypto/seal.h"
#include "crypto/vault.h"
#include "store/canary_store.h"

enum err
canary_check(struct ctx *c)
{
	struct sealed s = {0};
	bool found = false;

	TRY(canary_store_find(c, &s.at, &s.size, &found));
	if (!found) {
		s = seal_canary_new(c, c->vault->master);
		TRY(canary_store_add(c, s.at, s.size));
		TRY(canary_store_find(c, &s.at, &s.size, &found));
	}
	if (!found)
		return fail(c, ERR_INTERNAL, "the canary does not stay");
	return seal_canary_open(c, c->vault->master, &s);
}
