#include "store/idempotency_store.h"
#include "store/message_store.h"
#include "store/outbox_store.h"
#include "unit/store/store_fixture.h"

static struct store_fixture f;

static struct activation_row
row_of(const char *id)
{
	struct activation_row row = {0};
	bool found;

	must(activation_store_find(&f.c, id, f.user, &row, &found));
	law(found);
	return row;
}

static struct message_stored
sms(const char *id, const char *text)
{
	const struct message_new m = {
	    .activation_id = id, .sender = "TG", .text = text, .code = "1234"};
	struct list rows;

	must(message_store_add(&f.c, &m, 1, &rows));
	law(rows.n == 1);
	return *(const struct message_stored *)rows.at;
}

static void
a_life(void)
{
	const struct activation_event *events;
	struct activation_change change;
	struct activation_row row;
	struct message_stored m;
	const char *id;
	struct list list;

	fixture_open(&f);
	id = fixture_active(&f);
	row = row_of(id);
	CU_ASSERT_EQUAL(row.state, ACTIVATION_ACTIVE);
	CU_ASSERT_STRING_EQUAL(row.phone, "+447700900123");
	CU_ASSERT_EQUAL(row.price, 150000);
	CU_ASSERT_EQUAL(row.cost, 110000);
	CU_ASSERT(row.expires_at > row.created_at);
	CU_ASSERT_PTR_NULL(row.code);
	m = sms(id, "code 1234");
	CU_ASSERT_STRING_EQUAL(m.status, "ok");
	CU_ASSERT_EQUAL(m.charged, 150000);
	m = sms(id, "code 1234");
	CU_ASSERT_STRING_EQUAL(m.status, "duplicate");
	CU_ASSERT_EQUAL(activation_store_finish(&f.c, id, f.user, &change), OK);
	CU_ASSERT_STRING_EQUAL(change.status, "ok");
	row = row_of(id);
	CU_ASSERT_EQUAL(row.state, ACTIVATION_COMPLETED);
	CU_ASSERT_EQUAL(row.charged, 150000);
	CU_ASSERT_STRING_EQUAL(row.code, "1234");
	CU_ASSERT(row.closed_at > 0);
	CU_ASSERT_EQUAL(activation_store_events(&f.c, id, &list), OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 4);
	events = list.at;
	CU_ASSERT_STRING_EQUAL(events[0].from_state, "");
	CU_ASSERT_STRING_EQUAL(events[3].to_state, "completed");
	fixture_close(&f);
}

static void
foreign_numbers_are_not_found(void)
{
	struct activation_change change;
	struct activation_row row;
	const char *id;
	bool found;

	fixture_open(&f);
	id = fixture_active(&f);
	CU_ASSERT_EQUAL(
	    activation_store_find(&f.c, id, f.user + 1, &row, &found), OK);
	CU_ASSERT_FALSE(found);
	CU_ASSERT_EQUAL(activation_store_find_number(
			    &f.c, row_of(id).number, f.user, &row, &found),
	    OK);
	CU_ASSERT_TRUE(found);
	CU_ASSERT_EQUAL(activation_store_cancel(
			    &f.c, id, f.user + 1, ACTIVATION_SCHEDULE, &change),
	    OK);
	CU_ASSERT_STRING_EQUAL(change.status, "not_found");
	fixture_close(&f);
}

static void
lists_by_page_and_state(void)
{
	const struct activation_row *rows;
	const char *one, *two;
	struct list list;

	fixture_open(&f);
	one = fixture_active(&f);
	two = fixture_reserve(&f, "");
	must(activation_store_list(&f.c, f.user, "", "", 10, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 2);
	rows = list.at;
	CU_ASSERT_STRING_EQUAL(rows[0].id, two);
	must(activation_store_list(&f.c, f.user, "", two, 10, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	rows = list.at;
	CU_ASSERT_STRING_EQUAL(rows[0].id, one);
	must(activation_store_list(&f.c, f.user, "active", "", 10, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	must(activation_store_list(&f.c, f.user, "failed", "", 10, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	fixture_close(&f);
}

static void
a_batch_is_answered_in_order(void)
{
	enum { N = 150 };
	static struct activation_new all[N];
	static char ids[N][ID_SIZE];
	const struct activation_reserved *rows;
	struct list list;

	fixture_open(&f);
	for (size_t i = 0; i < N; i++) {
		size_t k = i * 7 % N; /* not in the order of the ids */

		id_new(ids[k]);
		all[k] = (struct activation_new){.id = ids[k],
		    .user = f.user,
		    .service = k % 3 == 1 ? "nosuch" : "telegram",
		    .country = "gb",
		    .operator= "",
		    .hold = 1,
		    .door = "web",
		    .key = "",
		    .fingerprint = "",
		    .reply = ""};
	}
	must(activation_store_reserve(&f.c, all, N, N, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, N);
	rows = list.at;
	for (size_t k = 0; k < N; k++) {
		if (k % 3 == 1)
			CU_ASSERT_STRING_EQUAL(
			    rows[k].status, "unknown_service");
		if (k % 3 != 1)
			CU_ASSERT_STRING_EQUAL(rows[k].id, ids[k]);
	}
	fixture_close(&f);
}

static void
a_key_is_bound_to_its_activation(void)
{
	struct idempotency_answer answer = {.key = "k",
	    .fingerprint = "print",
	    .status = 201,
	    .response = "{}"};
	struct idempotency_row row;
	bool found;
	bool stored = false;

	fixture_open(&f);
	answer.user = f.user;
	answer.activation_id = fixture_reserve(&f, "k");
	CU_ASSERT_PTR_NULL(fixture_reserve(&f, "k"));
	must(idempotency_store_find(&f.c, f.user, "k", &row, &found));
	CU_ASSERT_TRUE_FATAL(found);
	CU_ASSERT_EQUAL(row.status, 0);
	CU_ASSERT_STRING_EQUAL(row.activation_id, answer.activation_id);
	must(idempotency_store_finish(&f.c, &answer, &stored));
	CU_ASSERT_TRUE(stored);
	answer.response = "another";
	must(idempotency_store_finish(&f.c, &answer, &stored));
	CU_ASSERT_FALSE(stored);
	must(idempotency_store_find(&f.c, f.user, "k", &row, &found));
	CU_ASSERT_EQUAL(row.status, 201);
	CU_ASSERT_STRING_EQUAL(row.response, "{}");
	answer.fingerprint = "other";
	CU_ASSERT_EQUAL(idempotency_store_finish(&f.c, &answer, &stored),
	    ERR_IDEM_MISMATCH);
	must(idempotency_store_find(&f.c, f.user + 1, "k", &row, &found));
	CU_ASSERT_FALSE(found);
	fixture_close(&f);
}

static void
a_cancel_is_called_upstream(void)
{
	static const char *const topics[] = {"cancel", "finish"};
	const struct outbox_claim claim = {topics, 2, "test", 10, 60000};
	struct activation_ended ended = {.refunded = "yes", .cause = "x"};
	struct activation_change change;
	const struct outbox_row *row;
	struct outbox_end end;
	struct list list;
	const char *id;

	fixture_open(&f);
	id = fixture_active(&f);
	must(activation_store_cancel(
	    &f.c, id, f.user, ACTIVATION_SCHEDULE, &change));
	CU_ASSERT_EQUAL(change.state, ACTIVATION_CANCELLING);
	must(outbox_store_claim(&f.c, &claim, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	row = list.at;
	CU_ASSERT_STRING_EQUAL(row->topic, "cancel");
	CU_ASSERT_EQUAL(row->provider_id, f.provider);
	end = (struct outbox_end){
	    row->topic, row->activation_id, row->token, 0, "early"};
	CU_ASSERT_EQUAL(outbox_store_retry(&f.c, &end, 1), OK);
	must(outbox_store_claim(&f.c, &claim, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	row = list.at;
	CU_ASSERT_EQUAL(row->tries, 2);
	ended.id = id;
	must(activation_store_end(&f.c, &ended, 1, &list));
	CU_ASSERT_EQUAL(row_of(id).state, ACTIVATION_CANCELLED);
	must(outbox_store_depth(&f.c, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	fixture_close(&f);
}

static void
set_to_zero(const char *setting)
{
	must(db_run_script(&f.c,
	    arena_fmt(f.c.mem,
		"UPDATE numlease.settings SET value = '0' WHERE key = '%s'",
		setting)));
}

static void
a_known_order_without_a_phone_is_none(void)
{
	struct attempt_end sold, ends[2];
	const struct attempt_row *row;
	struct list rows;

	fixture_open(&f);
	law(fixture_reserve(&f, "") != NULL);
	sold = fixture_start(&f);
	must(attempt_store_activate(&f.c, &sold, 1, &rows));
	for (size_t i = 0; i < 2; i++) {
		law(fixture_reserve(&f, "") != NULL);
		ends[i] = fixture_start(&f);
	}
	ends[0].upstream = sold.upstream;
	must(attempt_store_pending(&f.c, ends, 2, 1000, &rows));
	CU_ASSERT_EQUAL_FATAL(rows.n, 2);
	row = rows.at;
	CU_ASSERT_STRING_EQUAL(row[0].status, "duplicate");
	CU_ASSERT_STRING_EQUAL(row[1].status, "ok");
	fixture_close(&f);
}

/* Say that its provider does not know `id`; whether that ended it. */
static bool
ends_missing(const char *id)
{
	struct list list;

	must(activation_store_missing(&f.c, &id, 1, &list));
	return list.n == 1;
}

static void
one_slip_of_a_provider_ends_nothing(void)
{
	const char *id;

	fixture_open(&f);
	id = fixture_active(&f);
	for (int i = 0; i < 5; i++) /* too soon after each other */
		CU_ASSERT_FALSE(ends_missing(id));
	set_to_zero("activation.missing_gap_s");
	CU_ASSERT_FALSE(ends_missing(id));
	must(outbox_store_poll_known(&f.c, &id, 1));
	for (int i = 0; i < 3; i++) /* too young */
		CU_ASSERT_FALSE(ends_missing(id));
	must(outbox_store_poll_known(&f.c, &id, 1));
	set_to_zero("activation.missing_age_s");
	CU_ASSERT_FALSE(ends_missing(id));
	CU_ASSERT_FALSE(ends_missing(id));
	CU_ASSERT_EQUAL(row_of(id).state, ACTIVATION_ACTIVE);
	CU_ASSERT_TRUE(ends_missing(id));
	CU_ASSERT_EQUAL(row_of(id).state, ACTIVATION_EXPIRED);
	CU_ASSERT_FALSE(ends_missing(id));
	fixture_close(&f);
}

static void
an_active_number_is_polled(void)
{
	struct poll_later later = {.delay_ms = 0};
	const struct poll_row *row;
	struct list list;
	const char *id;

	fixture_open(&f);
	id = fixture_active(&f);
	must(outbox_store_polls(&f.c, "test", 10, 60000, &list));
	CU_ASSERT_EQUAL(list.n, 0); /* its times stand in Redis */
	must(outbox_store_poll_adopt(&f.c, "test", 0));
	must(outbox_store_polls(&f.c, "test", 10, 60000, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	row = list.at;
	CU_ASSERT_STRING_EQUAL(row->activation_id, id);
	CU_ASSERT_FALSE(row->has_sms);
	must(outbox_store_polls(&f.c, "test", 10, 60000, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	later.activation_id = id;
	must(outbox_store_poll_later(&f.c, &later, 1));
	must(outbox_store_polls(&f.c, "test", 10, 60000, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	must(outbox_store_poll_list(&f.c, "", 10, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	must(outbox_store_poll_list(&f.c, id, 10, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	must(outbox_store_poll_these(&f.c, &id, 1, &list));
	CU_ASSERT_EQUAL(list.n, 1);
	fixture_close(&f);
}

static void
what_is_overdue_moves(void)
{
	struct activation_change change;
	const char *id;
	struct list list;

	fixture_open(&f);
	id = fixture_active(&f);
	must(activation_store_expire(&f.c, 10, &list));
	CU_ASSERT_EQUAL(list.n, 0);
	must(db_run_script(
	    &f.c, "UPDATE numlease.activations SET due_at = now()"));
	must(activation_store_expire(&f.c, 10, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	CU_ASSERT_EQUAL(row_of(id).state, ACTIVATION_CANCELLING);
	must(activation_store_abandon(&f.c, id, f.user, &change));
	CU_ASSERT_EQUAL(change.state, ACTIVATION_CANCELLING);
	must(activation_store_resend(&f.c, id, f.user, &change));
	CU_ASSERT_STRING_EQUAL(change.status, "conflict");
	fixture_close(&f);
}

static void
messages_are_listed(void)
{
	const struct message_row *m;
	const char *id;
	struct list list;

	fixture_open(&f);
	id = fixture_active(&f);
	(void)sms(id, "it's \"one\"\\, {1234}");
	(void)sms(id, "two");
	must(message_store_list(&f.c, &id, 1, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 2);
	m = list.at;
	CU_ASSERT_STRING_EQUAL(m[0].text, "it's \"one\"\\, {1234}");
	CU_ASSERT_FALSE(m[0].is_free);
	fixture_close(&f);
}

/* What is known of an SMS by its code, and how it was stored. */
static const char *
by_code(const char *id, const char *sender, const char *text)
{
	const struct message_new m = {.activation_id = id,
	    .upstream_id = "code 1234",
	    .sender = sender,
	    .text = text,
	    .code = "1234"};
	struct list rows;

	must(message_store_add(&f.c, &m, 1, &rows));
	return ((const struct message_stored *)rows.at)->status;
}

static void
a_code_gets_its_text(void)
{
	const struct message_row *m;
	const char *id;
	struct list list;

	fixture_open(&f);
	id = fixture_active(&f);
	CU_ASSERT_STRING_EQUAL(by_code(id, "", "1234"), "ok");
	CU_ASSERT_STRING_EQUAL(by_code(id, "TG", "It is 1234."), "duplicate");
	CU_ASSERT_STRING_EQUAL(by_code(id, "", "1234"), "duplicate");
	must(message_store_list(&f.c, &id, 1, &list));
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	m = list.at;
	CU_ASSERT_STRING_EQUAL(m->text, "It is 1234.");
	CU_ASSERT_STRING_EQUAL(m->sender, "TG");
	fixture_close(&f);
}

SUITE("activation_store", {"a number lives from order to end", a_life},
    {"another user's number is not found", foreign_numbers_are_not_found},
    {"a list has pages and states", lists_by_page_and_state},
    {"a batch is answered in the order it was asked",
	a_batch_is_answered_in_order},
    {"a key is bound to its activation and its first answer",
	a_key_is_bound_to_its_activation},
    {"a cancel is called upstream until it is confirmed",
	a_cancel_is_called_upstream},
    {"a known order without a phone is none",
	a_known_order_without_a_phone_is_none},
    {"one slip of a provider ends nothing",
	one_slip_of_a_provider_ends_nothing},
    {"an active number is polled by one at a time", an_active_number_is_polled},
    {"what is overdue moves on", what_is_overdue_moves},
    {"messages come back as they were", messages_are_listed},
    {"a code gets its text when that comes", a_code_gets_its_text}, )
