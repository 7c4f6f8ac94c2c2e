#include "store/cleanup_store.h"

#include "io/db.h"
#include "store/status.h"

enum err
cleanup_store_sessions(struct ctx *c, int64_t keep_ms, int batch, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_one(c, cleanup_sessions, &number_row_schema, &r, P_I64(keep_ms),
	    P_I64(batch)));
	*n = r.n;
	return OK;
}

enum err
cleanup_store_idempotency(struct ctx *c, int64_t keep_ms, int batch, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_one(c, cleanup_idempotency, &number_row_schema, &r,
	    P_I64(keep_ms), P_I64(batch)));
	*n = r.n;
	return OK;
}

enum err
cleanup_store_messages(struct ctx *c, int64_t keep_ms, int batch, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_one(c, cleanup_messages, &number_row_schema, &r, P_I64(keep_ms),
	    P_I64(batch)));
	*n = r.n;
	return OK;
}

enum err
cleanup_store_deliveries(struct ctx *c, int64_t keep_ms, int batch, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_one(c, cleanup_deliveries, &number_row_schema, &r,
	    P_I64(keep_ms), P_I64(batch)));
	*n = r.n;
	return OK;
}

enum err
cleanup_store_exchanges(struct ctx *c, int64_t keep_ms, int batch, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_one(c, cleanup_exchanges, &number_row_schema, &r, P_I64(keep_ms),
	    P_I64(batch)));
	*n = r.n;
	return OK;
}
