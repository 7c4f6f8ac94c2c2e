/*
 * session_store - rows of sessions. A session is a family of refresh tokens
 * of which one is current and the one before is remembered; only their
 * SHA-256 (32 bytes) is stored.
 */
#ifndef STORE_SESSION_STORE_H
#define STORE_SESSION_STORE_H

#include <stdbool.h>

#include "base/ctx.h"
#include "store/user_store.h"

#define SESSION_HASH_SIZE 32

struct session_new {
	const char *id; /* UUID */
	int64_t user;
	const unsigned char *hash;
	int64_t idle_us;     /* life without use */
	int64_t absolute_us; /* life at most */
	const char *ip;
	const char *agent;
};

struct session_turn {
	const char *id;
	const unsigned char *now;  /* hash of the token that was shown */
	const unsigned char *next; /* hash of its successor */
	int64_t idle_us;
	int64_t grace_us;
	const char *ip;
	const char *agent;
};

enum err session_store_add(struct ctx *c, const struct session_new *s)
    MUST_CHECK;

/*
 * Exchange the current token; `found` is false when `now` is not the current
 * token of a live session of an active user.
 */
enum err session_store_rotate(struct ctx *c, const struct session_turn *t,
    struct user_row *out, bool *found) MUST_CHECK;

/*
 * True when exactly this exchange was made within the grace, by the same
 * user agent, and is still the last one.
 */
enum err session_store_repeat(struct ctx *c, const struct session_turn *t,
    struct user_row *out, bool *found) MUST_CHECK;

/* End a session; `ended` (may be NULL) is false when it had ended before. */
enum err session_store_remove(struct ctx *c, const char *id, bool *ended)
    MUST_CHECK;

/* End all sessions of a user. */
enum err session_store_remove_of(struct ctx *c, int64_t user) MUST_CHECK;

/*
 * Whether this is, now, a live session of an active administrator whose
 * credentials are still of `version`.
 */
enum err session_store_is_admin(struct ctx *c, const char *id, int64_t user,
    int64_t version, bool *is) MUST_CHECK;

#endif
