#include "store/key_store.h"

#include "io/db.h"

#define P_HASH(h) P_BYTES((h), KEY_HASH_SIZE)

const char *const key_kind_names[] = {"live", "compat", NULL};

static const struct field key_owner_fields[] = {
    FIELD(key_owner, id, ID, REQUIRED),
    FIELD(key_owner, user_id, INT, REQUIRED),
    FIELD(key_owner, is_stale, BOOL, REQUIRED),
};
static SCHEMA(key_owner);

static const struct field key_row_fields[] = {
    FIELD(key_row, id, ID, REQUIRED),
    FIELD(key_row, name, TEXT, REQUIRED),
    FIELD(key_row, kind, ENUM, REQUIRED, .names = key_kind_names),
    FIELD(key_row, prefix, TEXT, REQUIRED),
    FIELD(key_row, created_at, TIME, REQUIRED),
    FIELD(key_row, last_used_at, TIME, OPTIONAL),
};
static SCHEMA(key_row);

enum err
key_store_find(struct ctx *c, const unsigned char *hash, enum key_kind kind,
    struct key_owner *out, bool *found)
{
	return db_maybe(c, key_by_hash, &key_owner_schema, out, found,
	    P_HASH(hash), P_TEXT(key_kind_names[kind]));
}

enum err
key_store_touch(struct ctx *c, const char *id)
{
	return db_exec(c, key_touch, NULL, P_TEXT(id));
}

enum err
key_store_add(
    struct ctx *c, const struct key_new *k, struct key_row *out, bool *added)
{
	return db_maybe(c, key_add, &key_row_schema, out, added, P_TEXT(k->id),
	    P_I64(k->user), P_TEXT(key_kind_names[k->kind]), P_TEXT(k->name),
	    P_TEXT(k->prefix), P_HASH(k->hash), P_I64(k->most));
}

enum err
key_store_list(struct ctx *c, int64_t user, struct list *out)
{
	return db_many(c, key_list, &key_row_schema, out, P_I64(user));
}

enum err
key_store_remove(struct ctx *c, const char *id, int64_t user)
{
	int64_t n = 0;

	TRY(db_exec(c, key_remove, &n, P_TEXT(id), P_I64(user)));
	return n == 1 ? OK : fail(c, ERR_NOT_FOUND, "key %s", id);
}
