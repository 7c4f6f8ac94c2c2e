#include "service/ledger.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/ledger_store.h"

#define LOGGED 20 /* differences of one proof */

static const char *
or_empty(const char *s)
{
	return s != NULL ? s : "";
}

static struct list
faults_of(struct ctx *c, const struct list *rows)
{
	struct ledger_fault *at =
	    arena_many(c->mem, struct ledger_fault, rows->n + 1);

	for (size_t i = 0; i < rows->n; i++) {
		const struct ledger_difference *d =
		    (const struct ledger_difference *)rows->at + i;

		at[i] =
		    (struct ledger_fault){d->invariant, or_empty(d->subject),
			or_empty(d->expected), or_empty(d->found)};
	}
	return (struct list){at, rows->n};
}

enum err
ledger_verify(struct ctx *c, struct list *out)
{
	struct list rows = {0};

	TRY(ledger_store_verify(c, &rows));
	*out = faults_of(c, &rows);
	return OK;
}

static void
log_proof(struct ctx *c, const struct proof_row *proof)
{
	struct list faults = faults_of(c, &proof->rows);
	const struct ledger_fault *f = faults.at;

	for (size_t i = 0; i < faults.n && i < LOGGED; i++)
		log_ev(c, LEVEL_ERROR, "ledger.difference",
		    L_STR("invariant", f[i].invariant),
		    L_STR("subject", f[i].subject),
		    L_STR("expected", f[i].expected),
		    L_STR("found", f[i].found));
	if (proof->differences > 0)
		log_ev(c, LEVEL_ERROR, "money.stopped",
		    L_I64("proof", proof->id),
		    L_I64("differences", proof->differences));
	else
		log_ev(c, LEVEL_INFO, "ledger.proved",
		    L_I64("proof", proof->id), L_I64("ms", proof->took_ms));
}

enum err
ledger_prove(struct ctx *c, struct errands *none, bool *more)
{
	int64_t every_ms = c->conf->ledger_verify_interval / CLOCK_MS;
	struct proof_row proof = {0};
	bool is_due = false;

	(void)none;
	*more = false;
	TRY(ledger_store_is_due(c, every_ms, &is_due));
	if (!is_due)
		return OK;
	TRY(ledger_store_prove(c, every_ms, &proof, &is_due));
	if (is_due)
		log_proof(c, &proof);
	return OK;
}

enum err
ledger_state(struct ctx *c, struct ledger_state *out)
{
	struct ledger_state_row row = {0};

	TRY(ledger_store_state(c, &row));
	*out = (struct ledger_state){.stopped = row.stopped,
	    .switched_at = row.set_at,
	    .switched_by = or_empty(row.actor),
	    .reason = or_empty(row.reason),
	    .proved_at = row.proved_at,
	    .differences = row.differences,
	    .took_ms = row.took_ms,
	    .faults = faults_of(c, &row.rows)};
	return OK;
}

enum err
ledger_switch(struct ctx *c, bool stop, const char *actor, const char *reason)
{
	TRY(ledger_store_switch(c, stop, actor, reason));
	log_ev(c, LEVEL_WARN, stop ? "money.stopped" : "money.moves",
	    L_STR("actor", actor), L_STR("reason", reason));
	return OK;
}

enum err
ledger_roll(struct ctx *c, struct errands *none, bool *more)
{
	int64_t n = 0;

	(void)none;
	*more = false;
	TRY(ledger_store_rollup(c, &n));
	log_ev(c, LEVEL_DEBUG, "ledger.rolled", L_I64("transfers", n));
	return OK;
}

enum err
ledger_accounts(struct ctx *c, struct list *out)
{
	return ledger_store_accounts(c, out);
}
