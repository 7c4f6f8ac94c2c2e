#include "store/exchange_store.h"

#include "io/db.h"

enum err
exchange_store_add(struct ctx *c, const struct exchange *all, size_t n)
{
	return db_exec(c, exchange_add, NULL, P_TEXTS_OF(c, all, n, attempt),
	    P_TEXTS_OF(c, all, n, request), P_I64S_OF(c, all, n, status),
	    P_TEXTS_OF(c, all, n, answer), P_TEXTS_OF(c, all, n, rule),
	    P_I64S_OF(c, all, n, took_us));
}
