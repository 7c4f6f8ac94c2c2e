#include "store/fx_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field fx_row_fields[] = {
    FIELD(fx_row, currency, TEXT, REQUIRED),
    FIELD(fx_row, rate, MONEY, REQUIRED),
    FIELD(fx_row, valid_from, TIME, OPTIONAL),
    FIELD(fx_row, actor, TEXT, REQUIRED),
    FIELD(fx_row, reason, TEXT, REQUIRED),
    FIELD(fx_row, providers, INT, REQUIRED),
};
static SCHEMA(fx_row);

enum err
fx_store_set(struct ctx *c, const struct fx_row *rate)
{
	struct status_row r = {0};
	enum err e;

	TRY(db_one(c, fx_set, &status_row_schema, &r, P_TEXT(rate->currency),
	    P_I64(rate->rate), P_TEXT(rate->actor), P_TEXT(rate->reason)));
	e = status_err(r.status);
	return e == OK ? OK :
			 fail(c, e, "rate of %s: %s", rate->currency, r.status);
}

enum err
fx_store_list(struct ctx *c, struct list *out)
{
	return db_many(c, fx_list, &fx_row_schema, out);
}

enum err
fx_store_history(
    struct ctx *c, const char *currency, int limit, struct list *out)
{
	return db_many(
	    c, fx_history, &fx_row_schema, out, P_TEXT(currency), P_I64(limit));
}
