/* admin_ledger - what the proof of the ledger says, for administrators. */
#include "io/schema.h"
#include "service/ledger.h"
#include "web/route.h"

static const struct field ledger_fault_fields[] = {
    FIELD(ledger_fault, invariant, TEXT, REQUIRED),
    FIELD(ledger_fault, subject, TEXT, REQUIRED),
    FIELD(ledger_fault, expected, TEXT, REQUIRED),
    FIELD(ledger_fault, found, TEXT, REQUIRED),
};
static SCHEMA(ledger_fault);

static const struct field ledger_state_fields[] = {
    FIELD(ledger_state, stopped, BOOL, REQUIRED,
	.doc = "Nothing new is held and nothing comes in."),
    FIELD(ledger_state, switched_at, TIME, OPTIONAL, .nullable = true),
    FIELD(ledger_state, switched_by, TEXT, REQUIRED),
    FIELD(ledger_state, reason, TEXT, REQUIRED),
    FIELD(ledger_state, proved_at, TIME, OPTIONAL, .nullable = true),
    FIELD(ledger_state, differences, INT, REQUIRED, .doc = "Of that proof."),
    FIELD(ledger_state, took_ms, INT, REQUIRED),
    FIELD(ledger_state, faults, LIST, REQUIRED, .sub = &ledger_fault_schema,
	.doc = "The first 100 differences."),
};
static SCHEMA(ledger_state);

/* GET /admin/ledger */
SCHEMA_EMPTY(admin_ledger_show_in);

enum err
admin_ledger_show(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct ledger_state state = {0};

	(void)rq;
	TRY(ledger_state(c, &state));
	response_json(c, rs, 200, &ledger_state_schema, &state);
	return OK;
}
