/* auth - signing up, in, on and out. The refresh token is in the cookie
 * only, which scripts cannot read; the access token in the answer only. */
#include <inttypes.h>

#include "base/arena.h"
#include "io/rules.h"
#include "io/schema.h"
#include "service/session.h"
#include "web/route.h"

/* __Host-: only over TLS, only to this host, for all its paths. */
#define COOKIE       "__Host-rt"
#define COOKIE_RULES "; Path=/; Secure; HttpOnly; SameSite=Strict"

static const struct field account_fields[] = {
    FIELD(account, id, ID, REQUIRED, .doc = "The user."),
    FIELD(account, email, TEXT, REQUIRED, .doc = "In lower case."),
    FIELD(account, role, ENUM, REQUIRED, .names = account_roles),
    FIELD(account, created_at, TIME, REQUIRED),
};
static SCHEMA(account);

struct auth_grant_out {
	const void *user;
	const char *access_token;
	const char *token_type;
	int64_t expires_in;
};
static const struct field auth_grant_out_fields[] = {
    FIELD(auth_grant_out, user, OBJECT, REQUIRED, .sub = &account_schema),
    FIELD(auth_grant_out, access_token, TEXT, REQUIRED, .secret = true,
	.doc = "For the Authorization header."),
    FIELD(auth_grant_out, token_type, TEXT, REQUIRED),
    FIELD(auth_grant_out, expires_in, INT, REQUIRED, .doc = "Seconds."),
};
SCHEMA(auth_grant_out);

static struct session_client
client_of(const struct request *rq)
{
	return (struct session_client){
	    rq->ip, request_header(rq, "User-Agent")};
}

static void
send_cookie(struct ctx *c, struct response *rs, const char *token, int64_t age)
{
	response_header(rs, "Set-Cookie",
	    arena_fmt(c->mem, COOKIE "=%s" COOKIE_RULES "; Max-Age=%" PRId64,
		token, age));
}

static void
send_grant(struct ctx *c, struct response *rs, int status,
    const struct session_grant *g)
{
	struct auth_grant_out out = {.user = &g->user,
	    .access_token = g->access_token,
	    .token_type = "Bearer",
	    .expires_in = g->expires_in};

	send_cookie(c, rs, g->refresh_token, g->refresh_max_age);
	response_header(rs, "Cache-Control", "no-store");
	response_json(c, rs, status, &auth_grant_out_schema, &out);
}

/* POST /auth/register */
struct auth_register_in {
	const char *email, *password;
};
static const struct field auth_register_in_fields[] = {
    FIELD(auth_register_in, email, TEXT, REQUIRED, .lo = 3, .hi = 254,
	.check = is_email),
    FIELD(auth_register_in, password, TEXT, REQUIRED, .secret = true,
	.lo = ACCOUNT_PASSWORD_MIN, .hi = ACCOUNT_PASSWORD_MAX),
};
SCHEMA(auth_register_in);

enum err
auth_register(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct auth_register_in *in = rq->in;
	struct session_client client = client_of(rq);
	struct session_grant g;

	TRY(session_register(c, in->email, in->password, &client, &g));
	send_grant(c, rs, 201, &g);
	return OK;
}

/* POST /auth/login. No rule but size: what fails must not tell why. */
struct auth_login_in {
	const char *email, *password;
};
static const struct field auth_login_in_fields[] = {
    FIELD(auth_login_in, email, TEXT, REQUIRED, .lo = 1, .hi = 254),
    FIELD(auth_login_in, password, TEXT, REQUIRED, .secret = true, .lo = 1,
	.hi = ACCOUNT_PASSWORD_MAX),
};
SCHEMA(auth_login_in);

enum err
auth_login(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct auth_login_in *in = rq->in;
	struct session_client client = client_of(rq);
	struct session_grant g;

	TRY(session_login(c, in->email, in->password, &client, &g));
	send_grant(c, rs, 200, &g);
	return OK;
}

/* POST /auth/refresh, by the cookie */
SCHEMA_EMPTY(auth_refresh_in);

enum err
auth_refresh(struct ctx *c, const struct request *rq, struct response *rs)
{
	const char *token = request_cookie(c, rq, COOKIE);
	struct session_client client = client_of(rq);
	struct session_grant g;

	if (token == NULL)
		return fail(c, ERR_UNAUTHENTIC, "no cookie");
	TRY(session_refresh(c, token, &client, &g));
	send_grant(c, rs, 200, &g);
	return OK;
}

/* POST /auth/logout, by the cookie; without one there is nothing to end. */
SCHEMA_EMPTY(auth_logout_in);

enum err
auth_logout(struct ctx *c, const struct request *rq, struct response *rs)
{
	const char *token = request_cookie(c, rq, COOKIE);

	if (token != NULL)
		TRY(session_logout(c, token));
	send_cookie(c, rs, "", 0);
	response_empty(rs, 204);
	return OK;
}

/* GET /auth/me */
SCHEMA_EMPTY(auth_me_in);

enum err
auth_me(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct account a;

	(void)rq;
	TRY(account_find(c, &a));
	response_json(c, rs, 200, &account_schema, &a);
	return OK;
}
