#include "store/drift_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field drift_row_fields[] = {
    FIELD(drift_row, provider, TEXT, REQUIRED),
    FIELD(drift_row, currency, TEXT, REQUIRED),
    FIELD(drift_row, since, TIME, OPTIONAL),
    FIELD(drift_row, seen_at, TIME, REQUIRED),
    FIELD(drift_row, balance, MONEY, REQUIRED),
    FIELD(drift_row, drift, MONEY, REQUIRED),
    FIELD(drift_row, moving, MONEY, REQUIRED),
    FIELD(drift_row, actor, TEXT, OPTIONAL),
    FIELD(drift_row, reason, TEXT, OPTIONAL),
    FIELD(drift_row, told, INT, REQUIRED),
};
static SCHEMA(drift_row);

static const struct field drift_told_fields[] = {
    FIELD(drift_told, provider, TEXT, REQUIRED),
    FIELD(drift_told, drift, MONEY, REQUIRED),
    FIELD(drift_told, moving, MONEY, REQUIRED),
    FIELD(drift_told, balance, MONEY, REQUIRED),
};
static SCHEMA(drift_told);

struct drift_status {
	const char *status;
	int64_t left_drift;
};
static const struct field drift_status_fields[] = {
    FIELD(drift_status, status, TEXT, REQUIRED),
    FIELD(drift_status, left_drift, MONEY, REQUIRED),
};
static SCHEMA(drift_status);

enum err
drift_store_list(struct ctx *c, struct list *out)
{
	return db_many(c, drift_list, &drift_row_schema, out);
}

enum err
drift_store_tell(struct ctx *c, int64_t tolerance, struct list *out)
{
	return db_many(
	    c, drift_tell, &drift_told_schema, out, P_I64(tolerance));
}

enum err
drift_store_baseline(struct ctx *c, const char *provider, const char *actor,
    const char *reason, int64_t *left)
{
	struct drift_status row = {0};
	enum err e;

	TRY(db_one(c, drift_baseline, &drift_status_schema, &row,
	    P_TEXT(provider), P_TEXT(actor), P_TEXT(reason)));
	*left = row.left_drift;
	e = status_err(row.status);
	return e == OK ? OK : fail(c, e, "%s: %s", provider, row.status);
}
