#include "store/ledger_store.h"

#include "io/db.h"
#include "store/status.h"

/* How long one statement over the whole ledger may take. */
#define PATIENCE_MS (15 * 60 * 1000)

static const struct field ledger_difference_fields[] = {
    FIELD(ledger_difference, invariant, TEXT, REQUIRED),
    FIELD(ledger_difference, subject, TEXT, OPTIONAL),
    FIELD(ledger_difference, expected, TEXT, OPTIONAL),
    FIELD(ledger_difference, found, TEXT, OPTIONAL),
};
static SCHEMA(ledger_difference);

static const struct field proof_row_fields[] = {
    FIELD(proof_row, id, INT, REQUIRED),
    FIELD(proof_row, differences, INT, REQUIRED),
    FIELD(proof_row, took_ms, INT, REQUIRED),
    FIELD(proof_row, rows, LIST, REQUIRED, .sub = &ledger_difference_schema),
};
static SCHEMA(proof_row);

static const struct field ledger_state_row_fields[] = {
    FIELD(ledger_state_row, stopped, BOOL, REQUIRED),
    FIELD(ledger_state_row, set_at, TIME, OPTIONAL),
    FIELD(ledger_state_row, actor, TEXT, OPTIONAL),
    FIELD(ledger_state_row, reason, TEXT, OPTIONAL),
    FIELD(ledger_state_row, proved_at, TIME, OPTIONAL),
    FIELD(ledger_state_row, differences, INT, REQUIRED),
    FIELD(ledger_state_row, took_ms, INT, REQUIRED),
    FIELD(ledger_state_row, rows, LIST, REQUIRED,
	.sub = &ledger_difference_schema),
};
static SCHEMA(ledger_state_row);

static const struct field ledger_account_fields[] = {
    FIELD(ledger_account, kind, TEXT, REQUIRED),
    FIELD(ledger_account, provider, TEXT, REQUIRED),
    FIELD(ledger_account, debits, MONEY, REQUIRED),
    FIELD(ledger_account, credits, MONEY, REQUIRED),
    FIELD(ledger_account, balance, MONEY, REQUIRED),
};
static SCHEMA(ledger_account);

struct due_row {
	bool is_due;
};
static const struct field due_row_fields[] = {
    FIELD(due_row, is_due, BOOL, REQUIRED),
};
static SCHEMA(due_row);

static enum err
verify(struct ctx *c, void *out)
{
	return db_many(c, ledger_verify, &ledger_difference_schema, out);
}

enum err
ledger_store_verify(struct ctx *c, struct list *out)
{
	return db_patient(c, PATIENCE_MS, verify, out);
}

struct prove {
	int64_t every_ms;
	struct proof_row *out;
	bool found;
};

static enum err
prove(struct ctx *c, void *arg)
{
	struct prove *p = arg;

	return db_maybe(c, proof_run, &proof_row_schema, p->out, &p->found,
	    P_I64(p->every_ms));
}

enum err
ledger_store_prove(
    struct ctx *c, int64_t every_ms, struct proof_row *out, bool *found)
{
	struct prove p = {every_ms, out, false};

	TRY(db_patient(c, PATIENCE_MS, prove, &p));
	*found = p.found;
	return OK;
}

enum err
ledger_store_is_due(struct ctx *c, int64_t every_ms, bool *out)
{
	struct due_row row = {0};

	TRY(db_one(c, proof_is_due, &due_row_schema, &row, P_I64(every_ms)));
	*out = row.is_due;
	return OK;
}

enum err
ledger_store_state(struct ctx *c, struct ledger_state_row *out)
{
	return db_one(c, proof_state, &ledger_state_row_schema, out);
}

struct money_switch {
	bool stop;
	const char *actor, *reason;
};

static enum err
throw_switch(struct ctx *c, void *arg)
{
	const struct money_switch *s = arg;
	struct status_row row = {0};
	enum err e;

	TRY(db_one(c, money_switch, &status_row_schema, &row, P_BOOL(s->stop),
	    P_TEXT(s->actor), P_TEXT(s->reason)));
	e = status_err(row.status);
	if (e == ERR_CONFLICT)
		return fail(c, e, "the ledger has differences");
	return e == OK ? OK : fail(c, e, "money switch: %s", row.status);
}

enum err
ledger_store_switch(
    struct ctx *c, bool stop, const char *actor, const char *reason)
{
	struct money_switch s = {stop, actor, reason};

	return db_patient(c, PATIENCE_MS, throw_switch, &s);
}

static enum err
rollup(struct ctx *c, void *out)
{
	return db_one(c, ledger_rollup, &number_row_schema, out);
}

enum err
ledger_store_rollup(struct ctx *c, int64_t *n)
{
	struct number_row r = {0};

	TRY(db_patient(c, PATIENCE_MS, rollup, &r));
	*n = r.n;
	return OK;
}

enum err
ledger_store_accounts(struct ctx *c, struct list *out)
{
	return db_many(c, ledger_accounts, &ledger_account_schema, out);
}
