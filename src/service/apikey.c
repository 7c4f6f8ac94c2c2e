#include "service/apikey.h"

#include "base/arena.h"
#include "base/id.h"
#include "crypto/credential.h"
#include "crypto/secret.h"
#include "store/key_store.h"

const char *const apikey_kinds[] = {"live", "compat", NULL};

_Static_assert((int)APIKEY_LIVE == (int)KEY_KIND_LIVE &&
	(int)APIKEY_COMPAT == (int)KEY_KIND_COMPAT,
    "one order of kinds");

static struct apikey
apikey_of(const struct key_row *k)
{
	return (struct apikey){.id = k->id,
	    .name = k->name,
	    .kind = k->kind,
	    .prefix = k->prefix,
	    .created_at = k->created_at,
	    .last_used_at = k->last_used_at};
}

enum err
apikey_add(
    struct ctx *c, const char *name, enum apikey_kind kind, struct apikey *out)
{
	enum credential form =
	    kind == APIKEY_LIVE ? CREDENTIAL_LIVE_KEY : CREDENTIAL_COMPAT_KEY;
	char *text = arena_alloc(c->mem, CREDENTIAL_SIZE, 1);
	char prefix[CREDENTIAL_PREFIX_SIZE];
	unsigned char hash[DIGEST_SIZE];
	char id[ID_SIZE];
	struct key_new k = {.id = id,
	    .user = c->user,
	    .kind = (enum key_kind)kind,
	    .name = name,
	    .prefix = prefix,
	    .hash = hash,
	    .most = APIKEY_MOST};
	struct key_row row = {0};
	bool added;

	secret_wipe_later(c->mem, text, CREDENTIAL_SIZE);
	id_new(id);
	credential_new(form, text);
	credential_prefix(form, text, prefix);
	credential_hash(text, hash);
	TRY(key_store_add(c, &k, &row, &added));
	if (!added)
		return fail(c, ERR_TOO_MANY, "%d keys", APIKEY_MOST);
	*out = apikey_of(&row);
	out->key = text;
	return OK;
}

enum err
apikey_list(struct ctx *c, struct list *out)
{
	struct list rows = {0};
	struct apikey *at;

	TRY(key_store_list(c, c->user, &rows));
	at = arena_many(c->mem, struct apikey, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		at[i] = apikey_of((struct key_row *)rows.at + i);
	*out = (struct list){at, rows.n};
	return OK;
}

enum err
apikey_remove(struct ctx *c, const char *id)
{
	return key_store_remove(c, id, c->user);
}
