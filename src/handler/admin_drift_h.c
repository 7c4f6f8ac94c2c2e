/* admin_drift - providers' balances beside our books, for administrators. */
#include "io/schema.h"
#include "service/drift.h"
#include "web/route.h"

static const struct field drift_row_fields[] = {
    FIELD(drift_row, provider, TEXT, REQUIRED),
    FIELD(drift_row, currency, TEXT, REQUIRED, .doc = "Of the balance."),
    FIELD(drift_row, since, TIME, OPTIONAL, .nullable = true,
	.doc = "The baseline; null: none is taken yet."),
    FIELD(drift_row, seen_at, TIME, REQUIRED),
    FIELD(drift_row, balance, MONEY, REQUIRED),
    FIELD(drift_row, drift, MONEY, REQUIRED,
	.doc = "What the account has more than it should."),
    FIELD(drift_row, moving, MONEY, REQUIRED,
	.doc = "What may be on one side only yet."),
    FIELD(drift_row, actor, TEXT, OPTIONAL, .doc = "Of the baseline."),
    FIELD(drift_row, reason, TEXT, OPTIONAL),
    FIELD(
	drift_row, told, INT, REQUIRED, .doc = "How often the log told of it."),
};
static SCHEMA(drift_row);

/* GET /admin/drifts */
SCHEMA_EMPTY(admin_drift_list_in);

enum err
admin_drift_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(drift_list(c, &list));
	response_list(c, rs, &drift_row_schema, list.at, list.n, NULL);
	return OK;
}
