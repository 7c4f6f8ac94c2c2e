/*
 * auth - who is it: registration, login, sessions, and the three ways a
 * request proves its identity. A session lives as long as its refresh token
 * is used; the access token made from it is checked without the database.
 *
 * Login gives the same answer after the same work for an unknown address as
 * for a wrong password. Registration does tell that an address is taken.
 */
#ifndef SERVICE_AUTH_H
#define SERVICE_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct auth_who {
	int64_t user;
	int64_t key;         /* API key id; 0 for a session */
	bool admin;          /* as of the token; see auth_admin */
	const char *session; /* session id (UUID); NULL for a key */
};

/*
 * Identify by one credential. Whatever is wrong with it (absent, malformed,
 * expired, forged, revoked, of another door) is ERR_UNAUTHENTIC. Nothing but
 * the credential is looked at.
 */
enum err auth_by_access_token(
    struct ctx *c, const char *token, struct auth_who *out) MUST_CHECK;
enum err auth_by_api_key(struct ctx *c, const char *key, struct auth_who *out)
    MUST_CHECK;
enum err auth_by_compat_key(
    struct ctx *c, const char *key, struct auth_who *out) MUST_CHECK;

/*
 * OK when the database says, now, that this is an administrator with a live
 * session; ERR_FORBIDDEN otherwise. An API key never is.
 */
enum err auth_admin(struct ctx *c, const struct auth_who *who) MUST_CHECK;

/* Where a session is used from; shown to the user, never trusted. */
struct auth_client {
	const char *ip;
	const char *agent; /* may be NULL */
};

struct auth_user {
	const char *id; /* UUID */
	const char *email;
	int role; /* index into auth_roles */
	int64_t created_at;
};
extern const char *const auth_roles[]; /* "user", "admin", NULL */

struct auth_grant {
	struct auth_user user;
	const char *access_token;
	int64_t expires_in;        /* s, of the access token */
	const char *refresh_token; /* goes into the cookie only */
	int64_t refresh_max_age;   /* s */
};

struct auth_login {
	const char *email;
	const char *password;
};

/* ERR_EMAIL_TAKEN; ERR_BAD_INPUT with the field for a weak password. */
enum err auth_register(struct ctx *c, const struct auth_login *in,
    const struct auth_client *client, struct auth_grant *out) MUST_CHECK;

/* ERR_BAD_LOGIN, in the same time whether the address is known or not. */
enum err auth_login(struct ctx *c, const struct auth_login *in,
    const struct auth_client *client, struct auth_grant *out) MUST_CHECK;

/*
 * Exchange a refresh token for a new pair. Within 10 s the token that was
 * just exchanged still works, so that a lost answer logs nobody out; later
 * use of an old token ends the whole session. ERR_UNAUTHENTIC.
 */
enum err auth_refresh(struct ctx *c, const char *refresh_token,
    const struct auth_client *client, struct auth_grant *out) MUST_CHECK;

/* End the session of this refresh token; one that is not known is fine. */
enum err auth_logout(struct ctx *c, const char *refresh_token) MUST_CHECK;

#endif
