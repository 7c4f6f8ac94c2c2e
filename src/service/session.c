#include "service/session.h"

#include <stdbool.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/log.h"
#include "conf/conf.h"
#include "crypto/refresh.h"
#include "crypto/token.h"
#include "crypto/vault.h"
#include "store/session_store.h"

#define GRACE_US  (10 * CLOCK_SECOND)
#define AGENT_MAX 200 /* bytes kept */

_Static_assert(SESSION_HASH_SIZE == DIGEST_SIZE, "SHA-256");

static const char *
agent_of(struct ctx *c, const struct session_client *client)
{
	const char *agent = client->agent != NULL ? client->agent : "";
	size_t n = 0;

	/* Printable ASCII only: no half characters, nothing to render. */
	while (n < AGENT_MAX && agent[n] >= ' ' && agent[n] <= '~')
		n++;
	return arena_strndup(c->mem, agent, n);
}

/* The access token of a session and the answer around it. */
static enum err
grant(struct ctx *c, const struct account *a, const char *session,
    const char *refresh, struct session_grant *out)
{
	int64_t now = clock_now() / CLOCK_SECOND;
	int64_t ttl = c->conf->session_access_ttl / CLOCK_SECOND;
	struct token_claims t = {.user = a->user,
	    .session = session,
	    .version = a->version,
	    .admin = a->role == ACCOUNT_ADMIN,
	    .issued = now,
	    .expires = now + ttl};

	TRY(token_issue(c, c->vault->tokens, &t, &out->access_token));
	out->user = *a;
	out->expires_in = ttl;
	out->refresh_token = arena_dup(c->mem, refresh);
	out->refresh_max_age = c->conf->session_refresh_ttl / CLOCK_SECOND;
	return OK;
}

static enum err
start(struct ctx *c, const struct account *a,
    const struct session_client *client, struct session_grant *out)
{
	unsigned char hash[DIGEST_SIZE];
	char token[REFRESH_SIZE];
	char id[ID_SIZE];
	struct session_new s = {.id = id,
	    .user = a->user,
	    .hash = hash,
	    .idle_us = c->conf->session_idle_ttl,
	    .absolute_us = c->conf->session_refresh_ttl,
	    .ip = client->ip,
	    .agent = agent_of(c, client)};

	id_new(id);
	refresh_new(c->vault->tokens, id, token);
	refresh_hash(token, hash);
	TRY(session_store_add(c, &s));
	return grant(c, a, id, token, out);
}

enum err
session_register(struct ctx *c, const char *email, const char *password,
    const struct session_client *client, struct session_grant *out)
{
	struct account a = {0};

	if (!c->conf->policy_registration)
		return fail(c, ERR_FORBIDDEN, "registration is closed");
	TRY(account_add(c, email, password, ACCOUNT_USER, &a));
	return start(c, &a, client, out);
}

/* A hash made at another cost is renewed while the password is at hand. */
static enum err
renew_hash(struct ctx *c, const struct user_row *u, const char *password)
{
	struct password_cost cost = account_cost(c);
	char hash[PASSWORD_HASH_SIZE];

	if (!password_is_outdated(&cost, u->password_hash))
		return OK;
	TRY(password_hash(c, &cost, password, hash));
	return user_store_set_password(c, u->id, u->password_hash, hash);
}

enum err
session_login(struct ctx *c, const char *email, const char *password,
    const struct session_client *client, struct session_grant *out)
{
	struct password_cost cost = account_cost(c);
	struct account a;
	struct user_row u = {0};
	bool found;

	TRY(user_store_find_by_email(c, account_email(c, email), &u, &found));
	TRY(password_verify(
	    c, &cost, found ? u.password_hash : NULL, password));
	if (u.status != USER_STATUS_ACTIVE)
		return fail(
		    c, ERR_BAD_LOGIN, "user %lld is blocked", (long long)u.id);
	TRY(renew_hash(c, &u, password));
	a = account_of(&u);
	return start(c, &a, client, out);
}

/* A token of ours that is neither current nor in its grace: stolen, or a
 * thief has already exchanged it. Nobody keeps the session. */
static enum err
reused(struct ctx *c, const char *session)
{
	bool ended = false;

	TRY(session_store_remove(c, session, &ended));
	if (ended)
		log_ev(
		    c, LEVEL_WARN, "session.reuse", L_STR("session", session));
	return fail(c, ERR_UNAUTHENTIC, "refresh: old token, session %s",
	    ended ? "ended now" : "had ended");
}

enum err
session_refresh(struct ctx *c, const char *token,
    const struct session_client *client, struct session_grant *out)
{
	unsigned char now[DIGEST_SIZE];
	unsigned char after[DIGEST_SIZE];
	char next[REFRESH_SIZE];
	char id[ID_SIZE];
	struct session_turn t = {.id = id,
	    .now = now,
	    .next = after,
	    .idle_us = c->conf->session_idle_ttl,
	    .grace_us = GRACE_US,
	    .ip = client->ip,
	    .agent = agent_of(c, client)};
	struct account a;
	struct user_row u = {0};
	bool found;

	if (!refresh_parse(c->vault->tokens, token, id))
		return fail(c, ERR_UNAUTHENTIC, "refresh: not ours");
	refresh_next(c->vault->tokens, token, next);
	refresh_hash(token, now);
	refresh_hash(next, after);
	TRY(session_store_rotate(c, &t, &u, &found));
	if (!found)
		TRY(session_store_repeat(c, &t, &u, &found));
	if (!found)
		return reused(c, id);
	a = account_of(&u);
	return grant(c, &a, id, next, out);
}

enum err
session_logout(struct ctx *c, const char *token)
{
	char id[ID_SIZE];

	if (!refresh_parse(c->vault->tokens, token, id))
		return OK;
	return session_store_remove(c, id, NULL);
}
