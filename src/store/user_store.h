/* user_store - rows of users. */
#ifndef STORE_USER_STORE_H
#define STORE_USER_STORE_H

#include <stdbool.h>

#include "base/ctx.h"
#include "io/schema.h"

enum user_role { USER_ROLE_USER, USER_ROLE_ADMIN };
enum user_status { USER_STATUS_ACTIVE, USER_STATUS_BLOCKED };
extern const char *const user_role_names[]; /* ends with NULL */

struct user_row {
	int64_t id;
	const char *public_id;
	const char *email;         /* lower case */
	const char *password_hash; /* "" where it is not needed */
	int role;                  /* enum user_role */
	int status;                /* enum user_status */
	int64_t version;           /* of the credentials, grows */
	int64_t created_at;
};
extern const struct schema user_row_schema;

/* ERR_CONFLICT when the address is taken. */
enum err user_store_add(struct ctx *c, const char *email,
    const char *password_hash, enum user_role role, struct user_row *out)
    MUST_CHECK;

/* `found` is false when there is none. */
enum err user_store_find_by_email(struct ctx *c, const char *email,
    struct user_row *out, bool *found) MUST_CHECK;
enum err user_store_find(
    struct ctx *c, int64_t id, struct user_row *out, bool *found) MUST_CHECK;
enum err user_store_find_by_public_id(struct ctx *c, const char *id,
    struct user_row *out, bool *found) MUST_CHECK;

/* Replace the hash, unless it is no longer `before`. */
enum err user_store_set_password(struct ctx *c, int64_t id, const char *before,
    const char *after) MUST_CHECK;

/* At most `limit` users with ids above `after`. */
enum err user_store_list(
    struct ctx *c, int64_t after, int limit, struct list *out) MUST_CHECK;

#endif
