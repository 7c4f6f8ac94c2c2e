#include "service/auth.h"

#include <stddef.h>

#include "base/clock.h"
#include "crypto/credential.h"
#include "crypto/token.h"
#include "crypto/vault.h"
#include "store/key_store.h"
#include "store/session_store.h"

enum err
auth_by_access_token(struct ctx *c, const char *token, struct auth_who *out)
{
	struct token_claims t;

	*out = (struct auth_who){0};
	TRY(token_verify(
	    c, c->vault->tokens, token, clock_now() / CLOCK_SECOND, &t));
	out->user = t.user;
	out->version = t.version;
	out->admin = t.admin;
	out->session = t.session;
	return OK;
}

/* A key opens only the door of its kind: the form decides before the hash. */
static enum err
by_key(struct ctx *c, enum credential form, enum key_kind kind, const char *key,
    struct auth_who *out)
{
	unsigned char hash[DIGEST_SIZE];
	struct key_owner owner = {0};
	bool found;

	*out = (struct auth_who){0};
	if (!credential_is(form, key))
		return fail(c, ERR_UNAUTHENTIC, "key: malformed");
	credential_hash(key, hash);
	TRY(key_store_find(c, hash, kind, &owner, &found));
	if (!found)
		return fail(c, ERR_UNAUTHENTIC, "key: unknown or revoked");
	if (owner.is_stale && key_store_touch(c, owner.id) != OK)
		ctx_forgive(c); /* "last used" is a courtesy */
	out->user = owner.user_id;
	out->key = owner.id;
	return OK;
}

enum err
auth_by_api_key(struct ctx *c, const char *key, struct auth_who *out)
{
	return by_key(c, CREDENTIAL_LIVE_KEY, KEY_KIND_LIVE, key, out);
}

enum err
auth_by_compat_key(struct ctx *c, const char *key, struct auth_who *out)
{
	return by_key(c, CREDENTIAL_COMPAT_KEY, KEY_KIND_COMPAT, key, out);
}

enum err
auth_admin(struct ctx *c, const struct auth_who *who)
{
	bool is = false;

	if (who->session == NULL || !who->admin)
		return fail(c, ERR_FORBIDDEN, "not an administrator's token");
	TRY(session_store_is_admin(
	    c, who->session, who->user, who->version, &is));
	return is ? OK : fail(c, ERR_FORBIDDEN, "no longer an administrator");
}
