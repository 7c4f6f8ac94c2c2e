#include "service/ledger.h"

#include "base/arena.h"
#include "store/wallet_store.h"

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

enum err
ledger_verify(struct ctx *c, struct list *out)
{
	struct list rows = {0};
	struct ledger_fault *at;

	TRY(wallet_store_verify(c, &rows));
	at = arena_many(c->mem, struct ledger_fault, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		const struct ledger_difference *d =
		    (const struct ledger_difference *)rows.at + i;

		at[i] =
		    (struct ledger_fault){d->invariant, or_empty(d->subject),
			or_empty(d->expected), or_empty(d->found)};
	}
	*out = (struct list){at, rows.n};
	return OK;
}
