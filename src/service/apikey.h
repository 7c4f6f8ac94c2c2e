/*
 * apikey - a user's keys for programs. A live key opens /api/v1, a compat
 * key only the doors of other protocols; each is shown once, when made.
 */
#ifndef SERVICE_APIKEY_H
#define SERVICE_APIKEY_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

#define APIKEY_MOST 20 /* live keys of one user */

enum apikey_kind { APIKEY_LIVE, APIKEY_COMPAT };
extern const char *const apikey_kinds[]; /* "live", "compat", NULL */

struct apikey {
	const char *id; /* UUID */
	const char *name;
	int kind; /* index into apikey_kinds */
	const char *prefix;
	int64_t created_at;
	int64_t last_used_at; /* 0: never */
	const char *key;      /* the secret; only from apikey_add() */
};

/* Make a key for the acting user. ERR_TOO_MANY above APIKEY_MOST. */
enum err apikey_add(struct ctx *c, const char *name, enum apikey_kind kind,
    struct apikey *out) MUST_CHECK;

/* The acting user's live keys, oldest first: struct apikey. */
enum err apikey_list(struct ctx *c, struct list *out) MUST_CHECK;

/* Revoke, at once and for good. ERR_NOT_FOUND: also for another's key. */
enum err apikey_remove(struct ctx *c, const char *id) MUST_CHECK;

#endif
