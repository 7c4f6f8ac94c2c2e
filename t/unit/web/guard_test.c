/* Each guard alone: one row, one question. */
#include <string.h>

#include "base/arena.h"
#include "conf/conf.h"
#include "harness/suite.h"
#include "io/schema.h"
#include "web/guard.h"
#include "web/limiter.h"
#include "web/route.h"

#define MAX_PARAMS 8

SCHEMA_EMPTY(none);

static struct ctx c;
static struct conf conf;
static struct route row;
static struct request rq;
static struct response rs;
static struct guard_env env;
static const char *params[MAX_PARAMS + 1];
static const char *asked; /* the credential a service was asked about */

static enum err
know(struct ctx *at, const char *credential, struct identity *out)
{
	asked = credential;
	if (strcmp(credential, "good") != 0)
		return fail(at, ERR_UNAUTHENTIC, "test");
	out->user = 7;
	out->role = ROLE_USER;
	return OK;
}

static enum err
refuse(struct ctx *at, const char *credential, struct identity *out)
{
	(void)credential;
	(void)out;
	return fail(at, ERR_UNAUTHENTIC, "another door");
}

static enum err
admin_now(struct ctx *at, const struct identity *who)
{
	return who->user == 7 ? OK : fail(at, ERR_FORBIDDEN, "test");
}

static struct guard_auth auth;

static void
start(void)
{
	arena_free(&c.mem);
	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	conf_defaults(&c, &conf);
	conf.site_origin = "https://our.example";
	c.conf = &conf;
	row = (struct route){.op = "test",
	    .in = &none_schema,
	    .who = WHO_USER,
	    .limit = LIMIT_STD,
	    .idem = IDEM_NONE};
	memset(params, 0, sizeof(params));
	rq = (struct request){.method = METHOD_POST,
	    .door = DOOR_WEB,
	    .path = "/test",
	    .route = &row,
	    .ip = "192.0.2.1",
	    .params = params};
	response_init(&c, &rs);
	auth = (struct guard_auth){know, refuse, refuse, admin_now};
	limiter_close(&env.limiter);
	env.auth = &auth;
	env.limiter = limiter_open(64);
	asked = NULL;
}

static void
param(const char *text)
{
	int i = 0;

	while (params[i] != NULL)
		i++;
	CU_ASSERT_FATAL(i < MAX_PARAMS);
	params[i] = text;
}

static enum err
ask(guard_fn *guard)
{
	return guard(&c, &env, &rq, &rs);
}

static void
maintenance_stops_new_leases_only(void)
{
	start();
	row.limit = LIMIT_LEASE;
	CU_ASSERT_EQUAL(ask(guard_maintenance), OK);
	conf.policy_maintenance = true;
	CU_ASSERT_EQUAL(ask(guard_maintenance), ERR_MAINTENANCE);
	row.limit = LIMIT_STD;
	CU_ASSERT_EQUAL(ask(guard_maintenance), OK);
}

static void
form_refuses_what_reads_two_ways(void)
{
	static const char *const twice[] = {"HTTP_AUTHORIZATION=Bearer a",
	    "HTTP_IDEMPOTENCY_KEY=a", "HTTP_X_REAL_IP=a", "HTTP_COOKIE=a",
	    "CONTENT_LENGTH=1", "HTTP_ORIGIN=a"};

	for (size_t i = 0; i < sizeof(twice) / sizeof(twice[0]); i++) {
		start();
		param(twice[i]);
		CU_ASSERT_EQUAL(ask(guard_form), OK);
		param(twice[i]);
		CU_ASSERT_EQUAL(ask(guard_form), ERR_BAD_REQUEST);
	}
	start();
	param("HTTP_ACCEPT=a");
	param("HTTP_ACCEPT=b");
	CU_ASSERT_EQUAL(ask(guard_form), OK);
	rq.query = "a=%zz";
	CU_ASSERT_EQUAL(ask(guard_form), ERR_BAD_REQUEST);
	rq.query = "a=%4";
	CU_ASSERT_EQUAL(ask(guard_form), ERR_BAD_REQUEST);
	rq.query = "a=%00";
	CU_ASSERT_EQUAL(ask(guard_form), ERR_BAD_REQUEST);
	rq.query = "a=%c3%a9&b=+&c";
	CU_ASSERT_EQUAL(ask(guard_form), OK);
}

/* who, Origin, Sec-Fetch-Site, answer */
static const struct {
	enum who who;
	const char *origin, *site;
	enum err want;
} origins[] = {
    {WHO_COOKIE, NULL, NULL, ERR_BAD_ORIGIN},
    {WHO_COOKIE, "HTTP_ORIGIN=https://our.example", NULL, OK},
    {WHO_COOKIE, "HTTP_ORIGIN=https://our.example.evil", NULL, ERR_BAD_ORIGIN},
    {WHO_COOKIE, "HTTP_ORIGIN=null", "HTTP_SEC_FETCH_SITE=same-origin",
	ERR_BAD_ORIGIN},
    {WHO_COOKIE, NULL, "HTTP_SEC_FETCH_SITE=same-origin", OK},
    {WHO_COOKIE, NULL, "HTTP_SEC_FETCH_SITE=none", OK},
    {WHO_COOKIE, NULL, "HTTP_SEC_FETCH_SITE=same-site", ERR_BAD_ORIGIN},
    {WHO_COOKIE, NULL, "HTTP_SEC_FETCH_SITE=cross-site", ERR_BAD_ORIGIN},
    {WHO_USER, NULL, NULL, OK},
    {WHO_USER, "HTTP_ORIGIN=https://our.example", NULL, OK},
    {WHO_USER, "HTTP_ORIGIN=https://evil.example", NULL, ERR_BAD_ORIGIN},
    {WHO_ANYONE, "HTTP_ORIGIN=https://evil.example", NULL, ERR_BAD_ORIGIN},
};

static void
cookie_needs_our_own_page(void)
{
	for (size_t i = 0; i < sizeof(origins) / sizeof(origins[0]); i++) {
		start();
		row.who = origins[i].who;
		if (origins[i].origin != NULL)
			param(origins[i].origin);
		if (origins[i].site != NULL)
			param(origins[i].site);
		CU_ASSERT_EQUAL(ask(guard_origin), origins[i].want);
	}
	start(); /* a server that calls the API has no origin to speak of */
	rq.door = DOOR_V1;
	param("HTTP_ORIGIN=https://evil.example");
	CU_ASSERT_EQUAL(ask(guard_origin), OK);
}

static void
body_is_json(void)
{
	start();
	CU_ASSERT_EQUAL(ask(guard_media), OK);
	rq.body_size = 2;
	CU_ASSERT_EQUAL(ask(guard_media), ERR_BAD_MEDIA);
	param("CONTENT_TYPE=application/json; charset=utf-8");
	CU_ASSERT_EQUAL(ask(guard_media), OK);
	params[0] = "CONTENT_TYPE=application/json";
	CU_ASSERT_EQUAL(ask(guard_media), OK);
	params[0] = "CONTENT_TYPE=application/jsonp";
	CU_ASSERT_EQUAL(ask(guard_media), ERR_BAD_MEDIA);
	params[0] = "CONTENT_TYPE=text/plain";
	CU_ASSERT_EQUAL(ask(guard_media), ERR_BAD_MEDIA);
	rq.door = DOOR_COMPAT; /* old clients send forms */
	CU_ASSERT_EQUAL(ask(guard_media), OK);
}

static void
each_door_has_its_own_credential(void)
{
	start();
	CU_ASSERT_EQUAL(ask(guard_who), ERR_UNAUTHENTIC);
	param("HTTP_AUTHORIZATION=Bearer good");
	CU_ASSERT_EQUAL(ask(guard_who), OK);
	CU_ASSERT_EQUAL(c.user, 7);
	rq.door = DOOR_V1; /* asks the API keys, which refuse */
	CU_ASSERT_EQUAL(ask(guard_who), ERR_UNAUTHENTIC);
	auth.api_key = know;
	CU_ASSERT_EQUAL(ask(guard_who), OK);
	rq.door = DOOR_COMPAT;
	CU_ASSERT_EQUAL(ask(guard_who), ERR_UNAUTHENTIC);
	auth.compat_key = know;
	params[0] = NULL;
	rq.query = "action=x&api_key=good";
	CU_ASSERT_EQUAL(ask(guard_who), OK);
	CU_ASSERT_STRING_EQUAL(asked, "good");
}

static void
cookie_is_no_credential(void)
{
	start();
	param("HTTP_COOKIE=__Host-rt=good; access_token=good");
	CU_ASSERT_EQUAL(ask(guard_who), ERR_UNAUTHENTIC);
	CU_ASSERT_PTR_NULL(asked);
	params[0] = "HTTP_AUTHORIZATION=Basic good";
	CU_ASSERT_EQUAL(ask(guard_who), ERR_UNAUTHENTIC);
	CU_ASSERT_PTR_NULL(asked);
}

static void
anyone_is_not_asked(void)
{
	start();
	row.who = WHO_ANYONE;
	CU_ASSERT_EQUAL(ask(guard_who), OK);
	row.who = WHO_UNSET;
	CU_ASSERT_EQUAL(ask(guard_who), ERR_FORBIDDEN);
	CU_ASSERT_PTR_NULL(asked);
}

static void
admin_is_asked_again(void)
{
	start();
	CU_ASSERT_EQUAL(ask(guard_admin), OK); /* not such a row */
	row.who = WHO_ADMIN;
	rq.who = (struct identity){.user = 7, .role = ROLE_USER};
	CU_ASSERT_EQUAL(ask(guard_admin), ERR_FORBIDDEN);
	rq.who.role = ROLE_ADMIN;
	CU_ASSERT_EQUAL(ask(guard_admin), OK);
	rq.who.user = 8; /* the token says admin, the database not any more */
	CU_ASSERT_EQUAL(ask(guard_admin), ERR_FORBIDDEN);
}

static void
limit_is_by_user_or_net(void)
{
	start();
	conf.rate_request_per_minute = 2;
	rq.who.user = 7;
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	CU_ASSERT_EQUAL(ask(guard_limit), ERR_RATE_LIMITED);
	CU_ASSERT_STRING_EQUAL(rs.headers[0].name, "Retry-After");
	CU_ASSERT_STRING_EQUAL(rs.headers[0].value, "30");
	rq.who.user = 8;
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	rq.who.user = 0; /* nobody: the address counts */
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	CU_ASSERT_EQUAL(ask(guard_limit), ERR_RATE_LIMITED);
	rq.ip = "192.0.2.2";
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	row.limit = LIMIT_UNSET;
	CU_ASSERT_EQUAL(ask(guard_limit), ERR_FORBIDDEN);
}

static void
logins_are_counted_apart(void)
{
	start();
	conf.rate_login_per_address = 1;
	row.limit = LIMIT_LOGIN;
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	rq.who.user = 7; /* the address counts all the same */
	CU_ASSERT_EQUAL(ask(guard_limit), ERR_RATE_LIMITED);
	row.limit = LIMIT_READ;
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
}

static enum err shared_answer;

static enum err
shared(struct ctx *at, const char *subject, int64_t count, int64_t period_us,
    int64_t *retry_us)
{
	CU_ASSERT_STRING_EQUAL(subject, "lease/user/7");
	CU_ASSERT_EQUAL(count, 1);
	CU_ASSERT_EQUAL(period_us, 60000000);
	*retry_us = 1500000;
	return shared_answer == OK ? OK : fail(at, shared_answer, "test");
}

static void
leases_share_a_limit(void)
{
	start();
	conf.rate_lease_per_minute = 1;
	row.limit = LIMIT_LEASE;
	rq.who.user = 7;
	env.shared_limit = shared;
	shared_answer = OK;
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	shared_answer = ERR_RATE_LIMITED;
	CU_ASSERT_EQUAL(ask(guard_limit), ERR_RATE_LIMITED);
	CU_ASSERT_STRING_EQUAL(rs.headers[0].value, "2");
	shared_answer = ERR_UNAVAILABLE; /* this machine counts alone */
	CU_ASSERT_EQUAL(ask(guard_limit), OK);
	CU_ASSERT_EQUAL(c.err, OK);
	CU_ASSERT_EQUAL(ask(guard_limit), ERR_RATE_LIMITED);
	env.shared_limit = NULL;
}

static void
idempotency_key_has_a_form(void)
{
	static const struct {
		const char *param, *key; /* NULL: refused */
	} rows[] = {
	    {"HTTP_IDEMPOTENCY_KEY=abc-1", "abc-1"},
	    {"HTTP_IDEMPOTENCY_KEY=\"abc-1\"", "abc-1"},
	    {"HTTP_IDEMPOTENCY_KEY=\"\"", NULL},
	    {"HTTP_IDEMPOTENCY_KEY=", NULL},
	    {"HTTP_IDEMPOTENCY_KEY=a b", NULL},
	    {"HTTP_IDEMPOTENCY_KEY=\"a", NULL},
	    {"HTTP_IDEMPOTENCY_KEY=\xc3\xa9", NULL},
	};
	char large[200] = "HTTP_IDEMPOTENCY_KEY=";

	start();
	CU_ASSERT_EQUAL(ask(guard_idem), OK); /* not needed */
	CU_ASSERT_PTR_NULL(rq.idem_key);
	row.idem = IDEM_KEY;
	CU_ASSERT_EQUAL(ask(guard_idem), ERR_IDEM_MISSING);
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		params[0] = rows[i].param;
		if (rows[i].key == NULL) {
			CU_ASSERT_EQUAL(ask(guard_idem), ERR_BAD_REQUEST);
			continue;
		}
		CU_ASSERT_EQUAL(ask(guard_idem), OK);
		CU_ASSERT_STRING_EQUAL(rq.idem_key, rows[i].key);
	}
	memset(large + strlen(large), 'k', 128);
	params[0] = large;
	CU_ASSERT_EQUAL(ask(guard_idem), OK);
	large[strlen(large)] = 'k';
	CU_ASSERT_EQUAL(ask(guard_idem), ERR_BAD_REQUEST);
}

static void
body_of_a_get_is_not_input(void)
{
	start();
	rq.body = "{\"unknown\":1}";
	rq.body_size = strlen(rq.body);
	CU_ASSERT_EQUAL(ask(guard_schema), ERR_BAD_INPUT);
	rq.method = METHOD_GET;
	CU_ASSERT_EQUAL(ask(guard_schema), OK);
	CU_ASSERT_PTR_NOT_NULL(rq.in);
}

static void
first_refusal_ends_it(void)
{
	start();
	row.idem = IDEM_KEY;
	CU_ASSERT_EQUAL(guard_run(&c, &env, &rq, &rs), ERR_UNAUTHENTIC);
	param("HTTP_AUTHORIZATION=Bearer good");
	CU_ASSERT_EQUAL(guard_run(&c, &env, &rq, &rs), ERR_IDEM_MISSING);
	param("HTTP_IDEMPOTENCY_KEY=k");
	CU_ASSERT_EQUAL(guard_run(&c, &env, &rq, &rs), OK);
}

SUITE("guard",
    {"maintenance stops new leases only", maintenance_stops_new_leases_only},
    {"what can be read in two ways is refused",
	form_refuses_what_reads_two_ways},
    {"a cookie counts only from our own page", cookie_needs_our_own_page},
    {"a body is application/json", body_is_json},
    {"each door has its own credential", each_door_has_its_own_credential},
    {"a cookie is no credential", cookie_is_no_credential},
    {"anyone is not asked who it is", anyone_is_not_asked},
    {"an administrator is asked for again", admin_is_asked_again},
    {"a limit is by user, else by network", limit_is_by_user_or_net},
    {"logins are counted apart, by network", logins_are_counted_apart},
    {"leases share a limit, as long as it answers", leases_share_a_limit},
    {"an Idempotency-Key has a form", idempotency_key_has_a_form},
    {"the body of a GET is no input", body_of_a_get_is_not_input},
    {"the first refusal ends it", first_refusal_ends_it})
