#include "store/ledger_store.h"
#include "store/receivable_store.h"
#include "store/reconcile_store.h"
#include "store/webhook_store.h"
#include "unit/store/store_fixture.h"

static struct store_fixture f;

/* An attempt of which nobody knows how it went, past its settle time. */
static struct unknown_row
unknown(void)
{
	struct attempt_end end = fixture_start(&f);
	struct list list;

	must(attempt_store_unknown(&f.c, &end, 1, &list));
	must(reconcile_store_due(&f.c, 10, 60000, &list));
	law(list.n == 0);
	must(db_run_script(&f.c,
	    "UPDATE numlease.attempts SET unsettled_at = now(),"
	    " give_up_at = now() WHERE unsettled_at IS NOT NULL"));
	must(reconcile_store_due(&f.c, 10, 60000, &list));
	law(list.n == 1);
	return *(const struct unknown_row *)list.at;
}

static void
absent_is_ordered_again(void)
{
	const struct verdict_row *v;
	struct attempt_verdict verdict;
	struct unknown_row u;
	struct list list;

	fixture_open(&f);
	CU_ASSERT_PTR_NOT_NULL(fixture_reserve(&f, ""));
	u = unknown();
	CU_ASSERT_STRING_EQUAL(u.state, "UNKNOWN");
	CU_ASSERT_STRING_EQUAL(u.native_country, "england");
	CU_ASSERT_EQUAL(u.activation_state, ACTIVATION_RESERVED);
	CU_ASSERT_TRUE(u.may_give_up);
	verdict = (struct attempt_verdict){
	    .id = u.attempt_id, .token = u.token, .cause = "absent"};
	must(reconcile_store_postpone(&f.c, &verdict, 1, 60000));
	must(reconcile_store_absent(&f.c, &verdict, 1, &list));
	v = list.at;
	CU_ASSERT_STRING_EQUAL(v->status, "ok");
	CU_ASSERT_EQUAL(v->state, ACTIVATION_RESERVED);
	must(attempt_store_claim(&f.c, "test", 10, 1000, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	must(reconcile_store_absent(&f.c, &verdict, 1, &list));
	v = list.at;
	CU_ASSERT_STRING_EQUAL(v->status, "fenced");
	fixture_close(&f);
}

static void
undecidable_is_released(void)
{
	const struct attempt_history *h;
	const struct decision_row *d;
	const struct verdict_row *v;
	struct attempt_verdict verdict;
	struct unknown_row u;
	struct list list;

	fixture_open(&f);
	CU_ASSERT_PTR_NOT_NULL(fixture_reserve(&f, ""));
	u = unknown();
	verdict = (struct attempt_verdict){.id = u.attempt_id,
	    .token = u.token,
	    .cause = "undecidable",
	    .upstream_id = ""};
	must(reconcile_store_doubt(&f.c, &verdict, 1, &list));
	v = list.at;
	CU_ASSERT_STRING_EQUAL(v->status, "ok");
	CU_ASSERT_EQUAL(v->state, ACTIVATION_FAILED);
	must(reconcile_store_attempts(&f.c, u.activation_id, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	h = list.at;
	CU_ASSERT_STRING_EQUAL(h->cost_state, "lost");
	CU_ASSERT_EQUAL(h->cost, 150000);
	must(reconcile_store_decisions(&f.c, u.activation_id, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	d = list.at;
	CU_ASSERT_EQUAL(d->seed, 7);
	must(ledger_store_verify(&f.c, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	fixture_close(&f);
}

static void
receivables_close_by_evidence(void)
{
	struct activation_ended end = {.refunded = "unknown", .cause = ""};
	struct receivable_evidence in = {
	    .actor = "test", .reason = "statement", .key = "a"};
	const struct receivable_row *r;
	struct list list;
	int64_t open;

	fixture_open(&f);
	end.id = fixture_active(&f);
	must(activation_store_end(&f.c, &end, 1, &list));
	must(receivable_store_list(&f.c, "", 10, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	r = list.at;
	CU_ASSERT_EQUAL(r->cost, 110000);
	in.provider = r->provider;
	in.upstream_id = r->upstream_id;
	in.amount = 100000;
	must(receivable_store_refund(&f.c, &in, &open));
	CU_ASSERT_EQUAL(open, 10000);
	must(receivable_store_refund(&f.c, &in, &open)); /* said twice */
	CU_ASSERT_EQUAL(open, 10000);
	in.key = "b";
	CU_ASSERT_EQUAL(
	    receivable_store_refund(&f.c, &in, &open), ERR_BAD_INPUT);
	must(receivable_store_write_off(&f.c, &in, &open));
	CU_ASSERT_EQUAL(open, 10000);
	CU_ASSERT_EQUAL(
	    receivable_store_write_off(&f.c, &in, &open), ERR_CONFLICT);
	must(receivable_store_list(&f.c, "", 10, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	must(ledger_store_verify(&f.c, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	fixture_close(&f);
}

static void
strangers_are_cancelled(void)
{
	struct listed_number listed[2] = {
	    {NULL, "telegram", "england", 1}, {"77", "whatsapp", "usa", 5}};
	struct orphan_end end = {.outcome = "kept", .error = ""};
	const struct known_row *known;
	struct activation_row row;
	struct list list;
	bool found;

	fixture_open(&f);
	must(activation_store_find(
	    &f.c, fixture_active(&f), f.user, &row, &found));
	listed[0].upstream_id = row.upstream_id;
	must(reconcile_store_known(&f.c, f.provider, listed, 2, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	known = list.at;
	CU_ASSERT_STRING_EQUAL(known->upstream_id, row.upstream_id);
	must(reconcile_store_listed(&f.c, f.provider, listed, 2));
	must(reconcile_store_orphans(&f.c, 10, 60000, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	must(db_run_script(&f.c,
	    "UPDATE numlease.orphans SET first_at = now() - interval '1 h'"));
	must(reconcile_store_listed(&f.c, f.provider, listed, 2));
	must(reconcile_store_orphans(&f.c, 10, 60000, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	end.orphan = list.at;
	CU_ASSERT_STRING_EQUAL(end.orphan->upstream_id, "77");
	CU_ASSERT_EQUAL(reconcile_store_orphan_end(&f.c, &end), OK);
	CU_ASSERT_EQUAL(reconcile_store_orphan_end(&f.c, &end), ERR_CONFLICT);
	must(ledger_store_verify(&f.c, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	fixture_close(&f);
}

static void
notices_are_sent_until_done(void)
{
	struct endpoint_new e = {.id = "0190a000-0000-7000-8000-000000000001",
	    .url = "https://example.org/hook",
	    .secret = (const unsigned char *)"\0s",
	    .secret_size = 2,
	    .most = 1};
	const struct delivery_row *d;
	const unsigned char *secret;
	struct endpoint_row endpoint;
	struct delivery_end end;
	struct list list;
	size_t n;
	bool added;

	fixture_open(&f);
	e.user = f.user;
	must(webhook_store_add(&f.c, &e, &endpoint, &added));
	CU_ASSERT_TRUE(added);
	e.id = "0190a000-0000-7000-8000-000000000002";
	must(webhook_store_add(&f.c, &e, &endpoint, &added));
	CU_ASSERT_FALSE(added);
	CU_ASSERT_PTR_NOT_NULL(fixture_active(&f));
	must(webhook_store_claim(&f.c, 10, 60000, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	d = list.at;
	CU_ASSERT_STRING_EQUAL(d->kind, "number.active");
	CU_ASSERT_PTR_NULL(d->text);
	must(webhook_store_secret(&f.c, d, &secret, &n));
	CU_ASSERT_EQUAL(n, 2);
	end = (struct delivery_end){d->id, d->token, 500, "no", 12, 1};
	must(webhook_store_settle(&f.c, &end, 1));
	must(webhook_store_list(&f.c, f.user, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	CU_ASSERT_EQUAL(
	    webhook_store_remove(&f.c, e.id, f.user), ERR_NOT_FOUND);
	CU_ASSERT_EQUAL(webhook_store_remove(&f.c,
			    "0190a000-0000-7000-8000-000000000001", f.user),
	    OK);
	fixture_close(&f);
}

static void
nothing_is_lost_in_the_queue(void)
{
	struct list list;
	int64_t n;

	fixture_open(&f);
	CU_ASSERT_PTR_NOT_NULL(fixture_reserve(&f, ""));
	must(reconcile_store_requeue(&f.c, 10, &n));
	CU_ASSERT_EQUAL(n, 0);
	must(db_run_script(&f.c,
	    "DELETE FROM numlease.outbox;"
	    "ALTER TABLE numlease.activations DISABLE TRIGGER ALL;"
	    "UPDATE numlease.activations"
	    " SET created_at = now() - interval '1 min';"
	    "ALTER TABLE numlease.activations ENABLE TRIGGER ALL"));
	must(reconcile_store_requeue(&f.c, 10, &n));
	CU_ASSERT_EQUAL(n, 1);
	must(attempt_store_claim(&f.c, "test", 10, 1000, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	fixture_close(&f);
}

SUITE("reconcile_store",
    {"what was not sold is ordered again, once", absent_is_ordered_again},
    {"what is undecidable is released and booked", undecidable_is_released},
    {"a receivable closes by evidence", receivables_close_by_evidence},
    {"a number of nobody is cancelled", strangers_are_cancelled},
    {"a notice is sent until it is done", notices_are_sent_until_done},
    {"an order cannot get lost", nothing_is_lost_in_the_queue}, )
