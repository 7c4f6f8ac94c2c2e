#include "crypto/token.h"
#include "service/apikey.h"
#include "service/auth.h"
#include "service/canary.h"
#include "unit/service/service_fixture.h"

#define PASSWORD "correct horse battery"
#define CLIENT   (&(struct session_client){"192.0.2.1", NULL})

static struct service_fixture f;
static struct session_grant g;
static int64_t shift;

static int64_t
shifted_now(void)
{
	return INT64_C(1800000000) * CLOCK_SECOND + shift;
}

static void
start(void)
{
	fixture_open(&f);
	CU_ASSERT_EQUAL_FATAL(
	    session_register(&f.c, "ann@example.com", PASSWORD, CLIENT, &g),
	    OK);
	f.c.user = g.user.user;
}

static void
stop(void)
{
	fixture_close(&f);
}

static enum err
by_token(const char *token)
{
	struct auth_who who;

	return auth_by_access_token(&f.c, token, &who);
}

static void
token_expires(void)
{
	start();
	shift = 0;
	clock_fake(shifted_now, NULL);
	CU_ASSERT_EQUAL_FATAL(
	    session_login(&f.c, "ann@example.com", PASSWORD, CLIENT, &g), OK);
	CU_ASSERT_EQUAL(by_token(g.access_token), OK);
	shift = 629 * CLOCK_SECOND;
	CU_ASSERT_EQUAL(by_token(g.access_token), OK);
	shift = 630 * CLOCK_SECOND;
	CU_ASSERT_EQUAL(by_token(g.access_token), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(by_token(""), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(by_token(g.refresh_token), ERR_UNAUTHENTIC);
	stop();
}

static void
doors_are_apart(void)
{
	struct apikey live = {0};
	struct apikey compat = {0};
	struct auth_who who = {0};

	start();
	CU_ASSERT_EQUAL_FATAL(apikey_add(&f.c, "a", APIKEY_LIVE, &live), OK);
	CU_ASSERT_EQUAL_FATAL(
	    apikey_add(&f.c, "b", APIKEY_COMPAT, &compat), OK);
	CU_ASSERT_EQUAL_FATAL(auth_by_api_key(&f.c, live.key, &who), OK);
	CU_ASSERT_EQUAL(who.user, g.user.user);
	CU_ASSERT_STRING_EQUAL(who.key, live.id);
	CU_ASSERT_FALSE(who.admin);
	CU_ASSERT_EQUAL_FATAL(auth_by_compat_key(&f.c, compat.key, &who), OK);
	CU_ASSERT_STRING_EQUAL(who.key, compat.id);

	CU_ASSERT_EQUAL(
	    auth_by_compat_key(&f.c, live.key, &who), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(
	    auth_by_api_key(&f.c, compat.key, &who), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(
	    auth_by_api_key(&f.c, g.access_token, &who), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(by_token(live.key), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(by_token(compat.key), ERR_UNAUTHENTIC);
	/* Even with the rows exchanged the form of a key binds its door. */
	fixture_sql(&f,
	    "UPDATE numlease.api_keys SET kind = CASE kind WHEN "
	    "'live' THEN 'compat' ELSE 'live' END");
	CU_ASSERT_EQUAL(
	    auth_by_compat_key(&f.c, live.key, &who), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(auth_by_api_key(&f.c, live.key, &who), ERR_UNAUTHENTIC);
	stop();
}

static void
keys_of_a_user(void)
{
	struct apikey k = {0};
	struct auth_who who;
	struct list list = {0};
	int64_t ann;

	start();
	CU_ASSERT_EQUAL_FATAL(apikey_add(&f.c, "mine", APIKEY_LIVE, &k), OK);
	CU_ASSERT_EQUAL(apikey_list(&f.c, &list), OK);
	CU_ASSERT_EQUAL_FATAL(list.n, 1);
	CU_ASSERT_STRING_EQUAL(((struct apikey *)list.at)->name, "mine");
	CU_ASSERT_STRING_EQUAL(((struct apikey *)list.at)->prefix, k.prefix);
	CU_ASSERT_EQUAL(((struct apikey *)list.at)->last_used_at, 0);
	CU_ASSERT_PTR_NULL(((struct apikey *)list.at)->key);
	CU_ASSERT_EQUAL(auth_by_api_key(&f.c, k.key, &who), OK);
	CU_ASSERT_EQUAL(apikey_list(&f.c, &list), OK);
	CU_ASSERT_NOT_EQUAL(((struct apikey *)list.at)->last_used_at, 0);

	/* Another user neither sees nor revokes it. */
	ann = f.c.user;
	CU_ASSERT_EQUAL_FATAL(
	    session_register(&f.c, "bob@example.com", PASSWORD, CLIENT, &g),
	    OK);
	f.c.user = g.user.user;
	CU_ASSERT_EQUAL(apikey_list(&f.c, &list), OK);
	CU_ASSERT_EQUAL(list.n, 0);
	CU_ASSERT_EQUAL(apikey_remove(&f.c, k.id), ERR_NOT_FOUND);
	f.c.user = ann;
	CU_ASSERT_EQUAL(apikey_remove(&f.c, k.id), OK);
	CU_ASSERT_EQUAL(apikey_remove(&f.c, k.id), ERR_NOT_FOUND);
	CU_ASSERT_EQUAL(auth_by_api_key(&f.c, k.key, &who), ERR_UNAUTHENTIC);
	stop();
}

static void
keys_are_few(void)
{
	struct apikey k;

	start();
	for (int i = 0; i < APIKEY_MOST; i++)
		CU_ASSERT_EQUAL(apikey_add(&f.c, "k", APIKEY_LIVE, &k), OK);
	CU_ASSERT_EQUAL(apikey_add(&f.c, "k", APIKEY_LIVE, &k), ERR_TOO_MANY);
	stop();
}

static void
blocked_user_is_out(void)
{
	struct apikey k = {0};
	struct auth_who who;
	struct account a;
	struct session_grant out;

	start();
	CU_ASSERT_EQUAL_FATAL(apikey_add(&f.c, "k", APIKEY_LIVE, &k), OK);
	CU_ASSERT_EQUAL(account_find(&f.c, &a), OK);
	fixture_sql(&f, "UPDATE numlease.users SET status = 'blocked'");
	CU_ASSERT_EQUAL(auth_by_api_key(&f.c, k.key, &who), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(account_find(&f.c, &a), ERR_UNAUTHENTIC);
	logbook_expect("session.reuse");
	CU_ASSERT_EQUAL(session_refresh(&f.c, g.refresh_token, CLIENT, &out),
	    ERR_UNAUTHENTIC);
	stop();
}

/* The token's role is a hint; each row of SQL takes the right away. */
static void
admin_is_read_again(void)
{
	static const char *const taken[] = {
	    "UPDATE numlease.users SET role = 'user'",
	    "UPDATE numlease.users SET status = 'blocked'",
	    "UPDATE numlease.users SET version = version + 1",
	    "UPDATE numlease.sessions SET revoked_at = now()",
	    "UPDATE numlease.sessions SET expires_at = now()",
	};
	struct auth_who who = {0};

	for (size_t i = 0; i < sizeof(taken) / sizeof(taken[0]); i++) {
		start();
		CU_ASSERT_EQUAL(
		    auth_by_access_token(&f.c, g.access_token, &who), OK);
		CU_ASSERT_EQUAL(auth_admin(&f.c, &who), ERR_FORBIDDEN);
		fixture_sql(&f, "UPDATE numlease.users SET role = 'admin'");
		/* A token from before does not rise with the user. */
		CU_ASSERT_EQUAL(auth_admin(&f.c, &who), ERR_FORBIDDEN);
		CU_ASSERT_EQUAL_FATAL(session_login(&f.c, "ann@example.com",
					  PASSWORD, CLIENT, &g),
		    OK);
		CU_ASSERT_EQUAL(
		    auth_by_access_token(&f.c, g.access_token, &who), OK);
		CU_ASSERT_EQUAL(auth_admin(&f.c, &who), OK);
		fixture_sql(&f, taken[i]);
		CU_ASSERT_EQUAL(auth_admin(&f.c, &who), ERR_FORBIDDEN);
		stop();
	}
}

static void
canary_knows_its_key(void)
{
	char dir[SCRATCH_DIR_SIZE];
	const char *path;
	struct vault other;

	start();
	CU_ASSERT_EQUAL(canary_check(&f.c), OK);
	CU_ASSERT_EQUAL(canary_check(&f.c), OK);
	scratch_dir_open(dir);
	path = scratch_dir_write(dir, "key",
	    "1 9f86d081884c7d659a2feaa0c55ad015"
	    "a3bf4f1b2b0b822cd15d6c15b0f00a08\n");
	CU_ASSERT_EQUAL_FATAL(vault_open(&f.c, path, path, path, &other), OK);
	scratch_dir_close(dir);
	f.c.vault = &other;
	CU_ASSERT_EQUAL(canary_check(&f.c), ERR_INTERNAL);
	f.c.vault = &f.vault;
	CU_ASSERT_EQUAL(canary_check(&f.c), OK);
	vault_close(&other);
	stop();
}

SUITE("auth", {"an access token expires", token_expires},
    {"each credential opens only its own door", doors_are_apart},
    {"a key is seen and revoked only by its owner", keys_of_a_user},
    {"a user has so many keys and no more", keys_are_few},
    {"a blocked user is out", blocked_user_is_out},
    {"an administrator is looked up each time", admin_is_read_again},
    {"another master key is noticed", canary_knows_its_key})
