#include "store/user_store.h"

#include "io/db.h"

const char *const user_role_names[] = {"user", "admin", NULL};
static const char *const status_names[] = {"active", "blocked", NULL};

static const struct field user_row_fields[] = {
    FIELD(user_row, id, INT, REQUIRED),
    FIELD(user_row, public_id, ID, REQUIRED),
    FIELD(user_row, email, TEXT, REQUIRED),
    FIELD(user_row, password_hash, TEXT, REQUIRED),
    FIELD(user_row, role, ENUM, REQUIRED, .names = user_role_names),
    FIELD(user_row, status, ENUM, REQUIRED, .names = status_names),
    FIELD(user_row, version, INT, REQUIRED),
    FIELD(user_row, created_at, TIME, REQUIRED),
};
SCHEMA(user_row);

enum err
user_store_add(struct ctx *c, const char *email, const char *password_hash,
    enum user_role role, struct user_row *out)
{
	return db_one(c, user_add, &user_row_schema, out, P_TEXT(email),
	    P_TEXT(password_hash), P_TEXT(user_role_names[role]));
}

enum err
user_store_find_by_email(
    struct ctx *c, const char *email, struct user_row *out, bool *found)
{
	return db_maybe(
	    c, user_by_email, &user_row_schema, out, found, P_TEXT(email));
}

enum err
user_store_find(struct ctx *c, int64_t id, struct user_row *out, bool *found)
{
	return db_maybe(c, user_by_id, &user_row_schema, out, found, P_I64(id));
}

enum err
user_store_find_by_public_id(
    struct ctx *c, const char *id, struct user_row *out, bool *found)
{
	return db_maybe(
	    c, user_by_public_id, &user_row_schema, out, found, P_TEXT(id));
}

enum err
user_store_set_password(
    struct ctx *c, int64_t id, const char *before, const char *after)
{
	return db_exec(c, user_set_password, NULL, P_I64(id), P_TEXT(before),
	    P_TEXT(after));
}

enum err
user_store_list(struct ctx *c, int64_t after, int limit, struct list *out)
{
	return db_many(
	    c, user_list, &user_row_schema, out, P_I64(after), P_I64(limit));
}
