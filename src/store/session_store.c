#include "store/session_store.h"

#include "io/db.h"

#define P_HASH(h) P_BYTES((h), SESSION_HASH_SIZE)

enum err
session_store_add(struct ctx *c, const struct session_new *s)
{
	return db_exec(c, session_add, NULL, P_TEXT(s->id), P_I64(s->user),
	    P_HASH(s->hash), P_I64(s->idle_us), P_I64(s->absolute_us),
	    P_TEXT(s->ip), P_TEXT(s->agent));
}

enum err
session_store_rotate(struct ctx *c, const struct session_turn *t,
    struct user_row *out, bool *found)
{
	return db_maybe(c, session_rotate, &user_row_schema, out, found,
	    P_TEXT(t->id), P_HASH(t->now), P_HASH(t->next), P_I64(t->idle_us),
	    P_TEXT(t->ip));
}

enum err
session_store_repeat(struct ctx *c, const struct session_turn *t,
    struct user_row *out, bool *found)
{
	return db_maybe(c, session_repeat, &user_row_schema, out, found,
	    P_TEXT(t->id), P_HASH(t->now), P_HASH(t->next), P_I64(t->grace_us),
	    P_TEXT(t->agent));
}

enum err
session_store_remove(struct ctx *c, const char *id, bool *ended)
{
	int64_t n = 0;

	TRY(db_exec(c, session_remove, &n, P_TEXT(id)));
	if (ended != NULL)
		*ended = n > 0;
	return OK;
}

enum err
session_store_remove_of(struct ctx *c, int64_t user)
{
	return db_exec(c, session_remove_of, NULL, P_I64(user));
}

struct session_count {
	int64_t n;
};
static const struct field session_count_fields[] = {
    FIELD(session_count, n, INT, REQUIRED),
};
static SCHEMA(session_count);

enum err
session_store_is_admin(
    struct ctx *c, const char *id, int64_t user, int64_t version, bool *is)
{
	struct session_count count = {0};

	TRY(db_one(c, session_is_admin, &session_count_schema, &count,
	    P_TEXT(id), P_I64(user), P_I64(version)));
	*is = count.n == 1;
	return OK;
}
