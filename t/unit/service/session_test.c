#include "service/auth.h"
#include "unit/service/service_fixture.h"

#define EMAIL    "ann@example.com"
#define PASSWORD "correct horse battery"
#define CLIENT   (&(struct session_client){"192.0.2.1", "Test/1"})
#define THIEF    (&(struct session_client){"198.51.100.9", "Other/2"})

static struct service_fixture f;
static struct session_grant g;

static void
start(void)
{
	fixture_open(&f);
	CU_ASSERT_EQUAL_FATAL(
	    session_register(&f.c, "  Ann@Example.COM ", PASSWORD, CLIENT, &g),
	    OK);
}

static void
stop(void)
{
	fixture_close(&f);
}

static enum err
refresh(const char *token, const struct session_client *who)
{
	struct session_grant out = {0};
	enum err e = session_refresh(&f.c, token, who, &out);

	if (e == OK)
		g = out;
	return e;
}

/* As if the last exchange were longer ago than the grace. */
static void
pass_grace(void)
{
	fixture_sql(&f,
	    "UPDATE numlease.sessions SET "
	    "rotated_at = rotated_at - interval '11 seconds'");
}

static void
registers(void)
{
	struct auth_who who = {0};

	start();
	CU_ASSERT_STRING_EQUAL(g.user.email, EMAIL);
	CU_ASSERT_EQUAL(g.user.role, ACCOUNT_USER);
	CU_ASSERT_EQUAL(g.expires_in, 600);
	CU_ASSERT_EQUAL_FATAL(
	    auth_by_access_token(&f.c, g.access_token, &who), OK);
	CU_ASSERT_EQUAL(who.user, g.user.user);
	CU_ASSERT_PTR_NULL(who.key);
	CU_ASSERT_FALSE(who.admin);
	/* The wallet is there from the first moment. */
	fixture_sql(&f,
	    "DO $$ BEGIN ASSERT (SELECT count(*) = 1 FROM "
	    "numlease.wallets WHERE available = 0); END $$");
	stop();
}

static void
registers_only_once(void)
{
	struct session_grant out;

	start();
	CU_ASSERT_EQUAL(
	    session_register(&f.c, "ANN@example.com", PASSWORD, CLIENT, &out),
	    ERR_EMAIL_TAKEN);
	f.conf.policy_registration = false;
	CU_ASSERT_EQUAL(
	    session_register(&f.c, "b@example.com", PASSWORD, CLIENT, &out),
	    ERR_FORBIDDEN);
	stop();
}

static void
refuses_weak(void)
{
	static const struct {
		const char *email, *password, *field;
	} rows[] = {
	    {"a@example.com", "short", "password"},
	    {"a@example.com", "elevenchars", "password"},
	    {"a@example.com", "", "password"},
	    {"a@example.com",
		"0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789"
		"0123456789012345678901234567890123456789"
		"012345678",
		"password"},
	    {"anna@example.com", "Anna@example.com", "password"},
	    {"no-at-sign", PASSWORD, "email"},
	    {"a@b", PASSWORD, "email"},
	    {"a b@example.com", PASSWORD, "email"},
	    {"", PASSWORD, "email"},
	};
	struct session_grant out;

	start();
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		ctx_forgive(&f.c);
		CU_ASSERT_EQUAL(session_register(&f.c, rows[i].email,
				    rows[i].password, CLIENT, &out),
		    ERR_BAD_INPUT);
		CU_ASSERT_PTR_NOT_NULL_FATAL(f.c.faults);
		CU_ASSERT_STRING_EQUAL(
		    f.c.faults->list[0].field, rows[i].field);
	}
	ctx_forgive(&f.c);
	/* Twelve characters of three bytes each. */
	CU_ASSERT_EQUAL(session_register(&f.c, "u@example.com",
			    "\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac"
			    "\u20ac\u20ac\u20ac\u20ac\u20ac\u20ac",
			    CLIENT, &out),
	    OK);
	stop();
}

static void
login_tells_nothing(void)
{
	struct session_grant out = {0};

	start();
	CU_ASSERT_EQUAL(
	    session_login(&f.c, "ANN@example.com ", PASSWORD, CLIENT, &out),
	    OK);
	CU_ASSERT_EQUAL(out.user.user, g.user.user);
	CU_ASSERT_EQUAL(
	    session_login(&f.c, EMAIL, "correct horse batter", CLIENT, &out),
	    ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL(
	    session_login(&f.c, "nobody@example.com", PASSWORD, CLIENT, &out),
	    ERR_BAD_LOGIN);
	CU_ASSERT_EQUAL(
	    session_login(&f.c, "' OR 1=1 --", PASSWORD, CLIENT, &out),
	    ERR_BAD_LOGIN);
	fixture_sql(&f, "UPDATE numlease.users SET status = 'blocked'");
	CU_ASSERT_EQUAL(
	    session_login(&f.c, EMAIL, PASSWORD, CLIENT, &out), ERR_BAD_LOGIN);
	stop();
}

static void
login_renews_the_hash(void)
{
	struct session_grant out;

	start();
	f.conf.password_memory = 9 << 20;
	CU_ASSERT_EQUAL(session_login(&f.c, EMAIL, PASSWORD, CLIENT, &out), OK);
	fixture_sql(&f,
	    "DO $$ BEGIN ASSERT (SELECT password_hash LIKE "
	    "'$argon2id$v=19$m=9216,t=1,p=1$%' FROM numlease.users); END $$");
	CU_ASSERT_EQUAL(session_login(&f.c, EMAIL, PASSWORD, CLIENT, &out), OK);
	stop();
}

static void
rotates(void)
{
	const char *first;
	const char *second;
	struct auth_who who;

	start();
	first = g.refresh_token;
	CU_ASSERT_EQUAL_FATAL(refresh(first, CLIENT), OK);
	second = g.refresh_token;
	CU_ASSERT_STRING_NOT_EQUAL(first, second);
	CU_ASSERT_EQUAL(auth_by_access_token(&f.c, g.access_token, &who), OK);
	pass_grace();
	CU_ASSERT_EQUAL(refresh(second, CLIENT), OK);
	stop();
}

static void
lost_answer(void)
{
	const char *first;
	const char *second;

	start();
	first = g.refresh_token;
	CU_ASSERT_EQUAL_FATAL(refresh(first, CLIENT), OK);
	second = g.refresh_token;
	CU_ASSERT_EQUAL_FATAL(refresh(first, CLIENT), OK);
	CU_ASSERT_STRING_EQUAL(g.refresh_token, second);
	CU_ASSERT_EQUAL(refresh(second, CLIENT), OK);
	stop();
}

/* Each row: who shows the first token again, after what. */
static void
reuse_ends_the_session(void)
{
	const char *first;
	const char *last;

	start();
	/* Longer ago than the grace. */
	first = g.refresh_token;
	CU_ASSERT_EQUAL_FATAL(refresh(first, CLIENT), OK);
	last = g.refresh_token;
	pass_grace();
	logbook_expect("session.reuse");
	CU_ASSERT_EQUAL(refresh(first, CLIENT), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(refresh(last, CLIENT), ERR_UNAUTHENTIC);
	/* Within the grace, but another program. */
	CU_ASSERT_EQUAL_FATAL(
	    session_login(&f.c, EMAIL, PASSWORD, CLIENT, &g), OK);
	first = g.refresh_token;
	CU_ASSERT_EQUAL_FATAL(refresh(first, CLIENT), OK);
	last = g.refresh_token;
	logbook_expect("session.reuse");
	CU_ASSERT_EQUAL(refresh(first, THIEF), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(refresh(last, CLIENT), ERR_UNAUTHENTIC);
	stop();
}

/* The thief has exchanged twice: the victim's token is two steps old. */
static void
reuse_of_any_age(void)
{
	const char *stolen;
	const char *thiefs;

	start();
	stolen = g.refresh_token;
	CU_ASSERT_EQUAL_FATAL(refresh(stolen, THIEF), OK);
	CU_ASSERT_EQUAL_FATAL(refresh(g.refresh_token, THIEF), OK);
	CU_ASSERT_EQUAL_FATAL(refresh(g.refresh_token, THIEF), OK);
	thiefs = g.refresh_token;
	logbook_expect("session.reuse");
	CU_ASSERT_EQUAL(refresh(stolen, CLIENT), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(refresh(thiefs, THIEF), ERR_UNAUTHENTIC);
	stop();
}

static void
sessions_end(void)
{
	const char *first;

	start();
	first = g.refresh_token;
	fixture_sql(&f, "UPDATE numlease.sessions SET expires_at = now()");
	CU_ASSERT_EQUAL(refresh(first, CLIENT), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL_FATAL(
	    session_login(&f.c, EMAIL, PASSWORD, CLIENT, &g), OK);
	first = g.refresh_token;
	CU_ASSERT_EQUAL(session_logout(&f.c, first), OK);
	CU_ASSERT_EQUAL(refresh(first, CLIENT), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(session_logout(&f.c, first), OK);
	CU_ASSERT_EQUAL(session_logout(&f.c, "rubbish"), OK);
	/* Use never carries a session beyond its absolute end. */
	CU_ASSERT_EQUAL_FATAL(
	    session_login(&f.c, EMAIL, PASSWORD, CLIENT, &g), OK);
	fixture_sql(&f,
	    "UPDATE numlease.sessions SET absolute_expires_at = "
	    "now() + interval '1 hour', expires_at = now() + "
	    "interval '1 minute' WHERE revoked_at IS NULL");
	CU_ASSERT_EQUAL(refresh(g.refresh_token, CLIENT), OK);
	fixture_sql(&f,
	    "DO $$ BEGIN ASSERT (SELECT bool_and(expires_at <= "
	    "absolute_expires_at) FROM numlease.sessions); END $$");
	stop();
}

/* Both the first token and each later one live for the idle time. */
static void
idle_life(void)
{
	static const char an_hour[] =
	    "DO $$ BEGIN ASSERT (SELECT bool_and(abs(extract(epoch FROM "
	    "expires_at - now()) - 3600) < 60) FROM numlease.sessions WHERE "
	    "id = (SELECT max(id::text)::uuid FROM numlease.sessions)); "
	    "END $$";

	start();
	f.conf.session_idle_ttl = 3600 * CLOCK_SECOND;
	CU_ASSERT_EQUAL_FATAL(
	    session_login(&f.c, EMAIL, PASSWORD, CLIENT, &g), OK);
	fixture_sql(&f, an_hour);
	fixture_sql(&f,
	    "UPDATE numlease.sessions SET expires_at = now() + "
	    "interval '1 minute'");
	CU_ASSERT_EQUAL(refresh(g.refresh_token, CLIENT), OK);
	fixture_sql(&f, an_hour);
	stop();
}

static void
not_ours(void)
{
	static const char *const list[] = {
	    "",
	    "x",
	    "null",
	    "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
	    ("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
	     "AAAAAAAAAAAAAAAAAAAAAA"),
	};
	char *forged;

	start();
	for (size_t i = 0; i < sizeof(list) / sizeof(list[0]); i++)
		CU_ASSERT_EQUAL(refresh(list[i], CLIENT), ERR_UNAUTHENTIC);
	/* A guess at a known session neither opens nor ends it. */
	forged = arena_dup(f.c.mem, g.refresh_token);
	forged[40] = forged[40] == 'A' ? 'B' : 'A';
	CU_ASSERT_EQUAL(refresh(forged, CLIENT), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(refresh(g.access_token, CLIENT), ERR_UNAUTHENTIC);
	CU_ASSERT_EQUAL(refresh(g.refresh_token, CLIENT), OK);
	stop();
}

SUITE("session", {"registration makes an account with a wallet", registers},
    {"an address registers once, and only while it may", registers_only_once},
    {"a weak password or no address is refused", refuses_weak},
    {"a failed login does not say why", login_tells_nothing},
    {"a hash of another cost is renewed at login", login_renews_the_hash},
    {"an exchange gives a new refresh token", rotates},
    {"a lost answer logs nobody out", lost_answer},
    {"an old token ends the session", reuse_ends_the_session},
    {"however old it is", reuse_of_any_age},
    {"an ended session stays ended", sessions_end},
    {"use prolongs a session by its idle time", idle_life},
    {"a forged token opens nothing and ends nothing", not_ours})
