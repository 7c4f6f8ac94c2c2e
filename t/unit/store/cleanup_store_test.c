#include "store/cleanup_store.h"
#include "store/message_store.h"
#include "unit/store/store_fixture.h"

#define DAY_MS INT64_C(86400000)

static struct store_fixture f;

static int64_t
count(const char *what, const char *where)
{
	char path[256];

	(void)snprintf(path, sizeof(path),
	    "DO $$ BEGIN IF NOT EXISTS (SELECT FROM numlease.%s WHERE %s) "
	    "THEN RAISE 'none'; END IF; END $$",
	    what, where);
	if (db_run_script(&f.c, path) == OK)
		return 1;
	ctx_forgive(&f.c);
	return 0;
}

static void
old_sessions_go(void)
{
	int64_t n = 0;

	fixture_open(&f);
	must(db_run_script(&f.c,
	    "INSERT INTO numlease.sessions (id, user_id, token_hash,"
	    " expires_at, absolute_expires_at, revoked_at)"
	    " SELECT gen_random_uuid(), u.id, sha256(x.expires::text::bytea),"
	    " now() + x.expires, now() + interval '9 days', now() + x.revoked"
	    " FROM numlease.users u, (VALUES"
	    " (interval '-31 days', NULL::interval),"
	    " (interval '-29 days', NULL),"
	    " (interval '8 days', NULL),"
	    " (interval '7 days', interval '-31 days')) x (expires, revoked)"));
	must(cleanup_store_sessions(&f.c, 30 * DAY_MS, 1, &n));
	CU_ASSERT_EQUAL(n, 1);
	must(cleanup_store_sessions(&f.c, 30 * DAY_MS, 10, &n));
	CU_ASSERT_EQUAL(n, 1);
	must(cleanup_store_sessions(&f.c, 30 * DAY_MS, 10, &n));
	CU_ASSERT_EQUAL(n, 0);
	CU_ASSERT_EQUAL(count("sessions", "expires_at > now()"), 1);
	fixture_close(&f);
}

static void
keys_of_open_numbers_stay(void)
{
	int64_t n = 0;

	fixture_open(&f);
	CU_ASSERT_PTR_NOT_NULL(fixture_reserve(&f, "open"));
	must(db_run_script(&f.c,
	    "INSERT INTO numlease.idempotency_keys (user_id, key, fingerprint,"
	    " status, response) SELECT user_id, 'old', 'print', 409, ''"
	    " FROM numlease.idempotency_keys;"
	    "UPDATE numlease.idempotency_keys"
	    " SET created_at = now() - interval '73 hours';"
	    "INSERT INTO numlease.idempotency_keys (user_id, key, fingerprint,"
	    " status, response) SELECT user_id, 'new', 'print', 409, ''"
	    " FROM numlease.idempotency_keys LIMIT 1"));
	must(cleanup_store_idempotency(&f.c, 3 * DAY_MS, 10, &n));
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_EQUAL(count("idempotency_keys", "key = 'old'"), 0);
	CU_ASSERT_EQUAL(count("idempotency_keys", "key = 'open'"), 1);
	CU_ASSERT_EQUAL(count("idempotency_keys", "key = 'new'"), 1);
	fixture_close(&f);
}

static void
words_go_after_the_number_closed(void)
{
	struct message_new message = {.upstream_id = "m",
	    .sender = "Bank",
	    .text = "code 1234",
	    .code = "1234",
	    .received_at = INT64_C(1700000000000000)};
	struct list list;
	int64_t n = 0;

	fixture_open(&f);
	message.activation_id = fixture_active(&f);
	must(message_store_add(&f.c, &message, 1, &list));
	must(db_run_script(&f.c,
	    "UPDATE numlease.messages"
	    " SET stored_at = now() - interval '4 days'"));
	must(cleanup_store_messages(&f.c, 3 * DAY_MS, 10, &n));
	CU_ASSERT_EQUAL(n, 0); /* the number still runs */
	must(db_run_script(&f.c,
	    "SELECT numlease.activation_finish(array_agg(id),"
	    " array_agg(user_id), 'user')"
	    " FROM numlease.activations"));
	must(cleanup_store_messages(&f.c, 3 * DAY_MS, 10, &n));
	CU_ASSERT_EQUAL(n, 0); /* closed a moment ago */
	must(db_run_script(&f.c,
	    "INSERT INTO numlease.idempotency_keys (user_id, key, fingerprint,"
	    " activation_id, status, response)"
	    " SELECT user_id, 'repeated', 'x', id, 201, '{\"id\":\"n\","
	    "\"code\":\"1234\",\"messages\":[{\"text\":\"code 1234\"}]}'"
	    " FROM numlease.activations"));
	must(cleanup_store_messages(&f.c, 0, 10, &n));
	CU_ASSERT_EQUAL(n, 1);
	CU_ASSERT_EQUAL(
	    count("messages", "body = '' AND sender = '' AND code IS NULL"), 1);
	CU_ASSERT_EQUAL(count("idempotency_keys",
			    "response::jsonb = '{\"id\": \"n\", \"code\": null,"
			    " \"messages\": []}'"),
	    1);
	must(cleanup_store_messages(&f.c, 0, 10, &n));
	CU_ASSERT_EQUAL(n, 0);
	fixture_close(&f);
}

static void
old_deliveries_go(void)
{
	int64_t n = 0;

	fixture_open(&f);
	must(db_run_script(&f.c,
	    "INSERT INTO numlease.endpoints (id, user_id, url, secret)"
	    " SELECT gen_random_uuid(), id, 'https://a.example/', 'x'"
	    " FROM numlease.users;"
	    "INSERT INTO numlease.deliveries (endpoint_id, user_id, kind,"
	    " activation_id, state, next_at, done_at)"
	    " SELECT id, user_id, 'number.sms', gen_random_uuid(), x.state,"
	    " x.next_at, x.done_at FROM numlease.endpoints, (VALUES"
	    " ('done', NULL, now() - interval '31 days'),"
	    " ('dead', NULL, now() - interval '31 days'),"
	    " ('done', NULL, now() - interval '29 days'),"
	    " ('pending', now(), NULL)) x (state, next_at, done_at);"
	    "INSERT INTO numlease.delivery_tries (delivery_id, try, ms)"
	    " SELECT id, 1, 7 FROM numlease.deliveries"));
	must(cleanup_store_deliveries(&f.c, 30 * DAY_MS, 10, &n));
	CU_ASSERT_EQUAL(n, 2);
	CU_ASSERT_EQUAL(count("deliveries", "state = 'dead'"), 0);
	CU_ASSERT_EQUAL(count("deliveries", "state = 'done'"), 1);
	CU_ASSERT_EQUAL(count("deliveries", "state = 'pending'"), 1);
	fixture_close(&f);
}

SUITE("cleanup_store",
    {"sessions go a while after they ended", old_sessions_go},
    {"keys go, but not those of open numbers", keys_of_open_numbers_stay},
    {"the words of SMS go after their number closed",
	words_go_after_the_number_closed},
    {"deliveries that are over go", old_deliveries_go}, )
