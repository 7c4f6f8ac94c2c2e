#include "store/ledger_store.h"
#include "store/status.h"
#include "unit/store/store_fixture.h"

static struct store_fixture f;

static void
credit_happens_once(void)
{
	struct wallet_credit in = {.kind = "bonus",
	    .amount = 5,
	    .actor = "test",
	    .reason = "",
	    .key = "k"};
	struct wallet_credited out;

	fixture_open(&f);
	in.user = f.user;
	CU_ASSERT_EQUAL(wallet_store_credit(&f.c, &in, &out), OK);
	CU_ASSERT_STRING_EQUAL(out.status, "ok");
	CU_ASSERT_EQUAL(wallet_store_credit(&f.c, &in, &out), OK);
	CU_ASSERT_STRING_EQUAL(out.status, "replay");
	CU_ASSERT_EQUAL(out.available, 10000005);
	in.amount = 6;
	CU_ASSERT_EQUAL(
	    wallet_store_credit(&f.c, &in, &out), ERR_IDEM_MISMATCH);
	fixture_close(&f);
}

static void
correction_needs_reason_and_funds(void)
{
	struct wallet_credit in = {.kind = "adjust",
	    .amount = -5,
	    .actor = "test",
	    .reason = "",
	    .key = "a"};
	struct wallet_credited out;

	fixture_open(&f);
	in.user = f.user;
	CU_ASSERT_EQUAL(wallet_store_credit(&f.c, &in, &out), ERR_BAD_INPUT);
	in.reason = "a mistake";
	CU_ASSERT_EQUAL(wallet_store_credit(&f.c, &in, &out), OK);
	CU_ASSERT_EQUAL(out.available, 9999995);
	in.key = "b";
	in.amount = -10000000;
	CU_ASSERT_EQUAL(wallet_store_credit(&f.c, &in, &out), ERR_NO_FUNDS);
	in.user = 5;
	CU_ASSERT_EQUAL(wallet_store_credit(&f.c, &in, &out), ERR_NOT_FOUND);
	fixture_close(&f);
}

static void
wallet_shows_what_is_held(void)
{
	struct wallet_row w;

	fixture_open(&f);
	CU_ASSERT_PTR_NOT_NULL(fixture_reserve(&f, ""));
	CU_ASSERT_EQUAL(wallet_store_find(&f.c, f.user, &w), OK);
	CU_ASSERT_EQUAL(w.available, 9800000);
	CU_ASSERT_EQUAL(w.held, 200000);
	CU_ASSERT_EQUAL(w.open_holds, 1);
	CU_ASSERT_EQUAL(wallet_store_find(&f.c, 5, &w), ERR_NOT_FOUND);
	fixture_close(&f);
}

static void
transfers_are_listed_newest_first(void)
{
	const struct wallet_transfer *t;
	struct list list;
	struct wallet_filter w = {.before = INT64_MAX, .kind = "", .limit = 10};

	fixture_open(&f);
	w.user = f.user;
	CU_ASSERT_PTR_NOT_NULL(fixture_reserve(&f, ""));
	CU_ASSERT_EQUAL(wallet_store_list(&f.c, &w, &list), OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 2);
	t = list.at;
	CU_ASSERT_STRING_EQUAL(t[0].kind, "hold");
	CU_ASSERT_EQUAL(t[0].change, -200000);
	CU_ASSERT_EQUAL(t[1].change, 10000000);
	CU_ASSERT_EQUAL(t[0].held, 200000);
	CU_ASSERT_EQUAL(t[0].balance, 9800000);
	CU_ASSERT_EQUAL(t[1].balance, 10000000);
	w.kind = "hold";
	CU_ASSERT_EQUAL(wallet_store_list(&f.c, &w, &list), OK);
	CU_ASSERT_EQUAL(list.n, 1);
	w.kind = "";
	w.before = t[0].id;
	CU_ASSERT_EQUAL(wallet_store_list(&f.c, &w, &list), OK);
	CU_ASSERT_EQUAL(list.n, 1);
	fixture_close(&f);
}

static void
ledger_proves_and_differs(void)
{
	const struct ledger_difference *d;
	struct list list;

	fixture_open(&f);
	CU_ASSERT_EQUAL(ledger_store_verify(&f.c, &list), OK);
	CU_ASSERT_EQUAL(list.n, 0);
	must(db_run_script(&f.c,
	    "ALTER TABLE numlease.wallets DISABLE TRIGGER ALL;"
	    "UPDATE numlease.wallets SET available = available + 1"));
	CU_ASSERT_EQUAL(ledger_store_verify(&f.c, &list), OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	d = list.at;
	CU_ASSERT_STRING_EQUAL(d->expected, "10000000");
	CU_ASSERT_STRING_EQUAL(d->found, "10000001");
	fixture_close(&f);
}

static void
totals_are_rolled_up_once(void)
{
	const struct ledger_account *a;
	struct list list;
	int64_t n;

	fixture_open(&f);
	CU_ASSERT_EQUAL(ledger_store_rollup(&f.c, &n), OK);
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_EQUAL(ledger_store_rollup(&f.c, &n), OK);
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_EQUAL(ledger_store_accounts(&f.c, &list), OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	a = list.at;
	CU_ASSERT_STRING_EQUAL(a->kind, "deposits");
	CU_ASSERT_EQUAL(a->balance, -10000000);
	fixture_close(&f);
}

static void
words_have_meanings(void)
{
	CU_ASSERT_EQUAL(status_err("ok"), OK);
	CU_ASSERT_EQUAL(status_err("replay"), OK);
	CU_ASSERT_EQUAL(status_err("no_funds"), ERR_NO_FUNDS);
	CU_ASSERT_EQUAL(status_err("too_many_active"), ERR_TOO_MANY);
	CU_ASSERT_EQUAL(status_err("fenced"), ERR_CONFLICT);
	CU_ASSERT_EQUAL(status_err("nonsense"), ERR_INTERNAL);
}

SUITE("wallet_store",
    {"a credit with one key happens once", credit_happens_once},
    {"a correction needs a reason and funds",
	correction_needs_reason_and_funds},
    {"a wallet shows what is held", wallet_shows_what_is_held},
    {"transfers are listed newest first", transfers_are_listed_newest_first},
    {"the proof finds a balance that was tampered with",
	ledger_proves_and_differs},
    {"totals are rolled up once", totals_are_rolled_up_once},
    {"every word of a status has a meaning", words_have_meanings}, )
