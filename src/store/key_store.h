/* key_store - rows of API keys; only the SHA-256 of a key is stored. */
#ifndef STORE_KEY_STORE_H
#define STORE_KEY_STORE_H

#include <stdbool.h>

#include "base/ctx.h"
#include "io/schema.h"

#define KEY_HASH_SIZE 32

enum key_kind { KEY_KIND_LIVE, KEY_KIND_COMPAT };
extern const char *const key_kind_names[]; /* ends with NULL */

/* What an identity needs. */
struct key_owner {
	const char *id;
	int64_t user_id;
	bool is_stale; /* its last use is worth noting again */
};

/* What its owner sees. */
struct key_row {
	const char *id;
	const char *name;
	int kind; /* enum key_kind */
	const char *prefix;
	int64_t created_at;
	int64_t last_used_at; /* 0: never */
};

struct key_new {
	const char *id; /* UUID */
	int64_t user;
	enum key_kind kind;
	const char *name;
	const char *prefix;
	const unsigned char *hash;
	int64_t most; /* live keys a user may have */
};

/* Only a live key of this kind of an active user is found. */
enum err key_store_find(struct ctx *c, const unsigned char *hash,
    enum key_kind kind, struct key_owner *out, bool *found) MUST_CHECK;

/* Note the use of a key, at most once a minute. */
enum err key_store_touch(struct ctx *c, const char *id) MUST_CHECK;

/* `added` is false when the user has as many as allowed. */
enum err key_store_add(struct ctx *c, const struct key_new *k,
    struct key_row *out, bool *added) MUST_CHECK;

/* Live keys, oldest first: struct key_row. */
enum err key_store_list(struct ctx *c, int64_t user, struct list *out)
    MUST_CHECK;

/* ERR_NOT_FOUND when it is not a live key of this user. */
enum err key_store_remove(struct ctx *c, const char *id, int64_t user)
    MUST_CHECK;

#endif
