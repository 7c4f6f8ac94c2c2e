/*
 * session - signing up, in, on and out. A session lives as long as its
 * refresh token is exchanged; each exchange also gives an access token.
 *
 * Signing in gives the same answer after the same work for an unknown
 * address as for a wrong password. Signing up does tell that an address is
 * taken.
 */
#ifndef SERVICE_SESSION_H
#define SERVICE_SESSION_H

#include <stdint.h>

#include "base/ctx.h"
#include "service/account.h"

/* Where a session is used from; shown to the user, never trusted. */
struct session_client {
	const char *ip;
	const char *agent; /* may be NULL */
};

struct session_grant {
	struct account user;
	const char *access_token;
	int64_t expires_in;        /* s, of the access token */
	const char *refresh_token; /* goes into the cookie only */
	int64_t refresh_max_age;   /* s */
};

/*
 * Make an account and sign it in. ERR_FORBIDDEN while registration is
 * closed; else as account_add().
 */
enum err session_register(struct ctx *c, const char *email,
    const char *password, const struct session_client *client,
    struct session_grant *out) MUST_CHECK;

/* ERR_BAD_LOGIN: unknown, blocked or a wrong password. */
enum err session_login(struct ctx *c, const char *email, const char *password,
    const struct session_client *client, struct session_grant *out) MUST_CHECK;

/*
 * Exchange a refresh token for a new pair. For 10 s the token that was just
 * exchanged gives, to the same user agent, the same successor again, so that
 * a lost answer logs nobody out. Any other use of an old token ends the
 * session. ERR_UNAUTHENTIC.
 */
enum err session_refresh(struct ctx *c, const char *token,
    const struct session_client *client, struct session_grant *out) MUST_CHECK;

/* End the session of this refresh token; one that is not ours is fine. */
enum err session_logout(struct ctx *c, const char *token) MUST_CHECK;

#endif
