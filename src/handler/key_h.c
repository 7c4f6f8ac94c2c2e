/* key - a user's API keys. */
#include "io/rules.h"
#include "io/schema.h"
#include "service/apikey.h"
#include "web/route.h"

static const struct field apikey_fields[] = {
    FIELD(apikey, id, ID, REQUIRED),
    FIELD(apikey, name, TEXT, REQUIRED),
    FIELD(apikey, kind, ENUM, REQUIRED, .names = apikey_kinds),
    FIELD(apikey, prefix, TEXT, REQUIRED, .doc = "How the key begins."),
    FIELD(apikey, created_at, TIME, REQUIRED),
    FIELD(apikey, last_used_at, TIME, OPTIONAL, .nullable = true,
	.doc = "To the minute."),
    FIELD(apikey, key, TEXT, OPTIONAL, .secret = true,
	.doc = "The key itself; only in the answer that makes it."),
};
SCHEMA(apikey);

/* GET /keys */
SCHEMA_EMPTY(key_list_in);

enum err
key_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(apikey_list(c, &list));
	response_list(c, rs, &apikey_schema, list.at, list.n, NULL);
	return OK;
}

/* POST /keys */
struct key_add_in {
	const char *name;
	int kind;
};
static const struct field key_add_in_fields[] = {
    FIELD(
	key_add_in, name, TEXT, REQUIRED, .lo = 1, .hi = 64, .check = is_name),
    FIELD(key_add_in, kind, ENUM, REQUIRED, .names = apikey_kinds),
};
SCHEMA(key_add_in);

enum err
key_add(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct key_add_in *in = rq->in;
	struct apikey key;

	TRY(apikey_add(c, in->name, (enum apikey_kind)in->kind, &key));
	response_header(rs, "Cache-Control", "no-store");
	response_json(c, rs, 201, &apikey_schema, &key);
	return OK;
}

/* DELETE /keys/{id} */
struct key_remove_in {
	const char *id;
};
static const struct field key_remove_in_fields[] = {
    FIELD(key_remove_in, id, ID, REQUIRED, .from = FROM_PATH),
};
SCHEMA(key_remove_in);

enum err
key_remove(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct key_remove_in *in = rq->in;

	TRY(apikey_remove(c, in->id));
	response_empty(rs, 204);
	return OK;
}
