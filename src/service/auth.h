/*
 * auth - who is it: the three ways a request proves its identity, and the
 * question whether that is an administrator.
 */
#ifndef SERVICE_AUTH_H
#define SERVICE_AUTH_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct auth_who {
	int64_t user;
	const char *key;     /* API key id (UUID); NULL for a session */
	int64_t version;     /* of the credentials, as of the token */
	bool admin;          /* as of the token; see auth_admin */
	const char *session; /* session id (UUID); NULL for a key */
};

/*
 * Identify by one credential. Whatever is wrong with it (malformed, expired,
 * forged, revoked, of another door) is ERR_UNAUTHENTIC. Nothing but the
 * credential is looked at. An access token is checked without the database,
 * so it outlives its session by at most session.access_ttl.
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

#endif
