/* The services behind guard_who and guard_admin. */
#include "service/auth.h"
#include "web/guard.h"

static void
take(struct identity *out, const struct auth_who *who)
{
	*out = (struct identity){.user = who->user,
	    .key = who->key,
	    .role = who->admin ? ROLE_ADMIN : ROLE_USER,
	    .session = who->session,
	    .version = who->version};
}

static enum err
by_access_token(struct ctx *c, const char *credential, struct identity *out)
{
	struct auth_who who;

	TRY(auth_by_access_token(c, credential, &who));
	take(out, &who);
	return OK;
}

static enum err
by_api_key(struct ctx *c, const char *credential, struct identity *out)
{
	struct auth_who who;

	TRY(auth_by_api_key(c, credential, &who));
	take(out, &who);
	return OK;
}

static enum err
by_compat_key(struct ctx *c, const char *credential, struct identity *out)
{
	struct auth_who who;

	TRY(auth_by_compat_key(c, credential, &who));
	take(out, &who);
	return OK;
}

static enum err
is_admin(struct ctx *c, const struct identity *who)
{
	struct auth_who w = {.user = who->user,
	    .key = who->key,
	    .admin = who->role == ROLE_ADMIN,
	    .session = who->session,
	    .version = who->version};

	return auth_admin(c, &w);
}

const struct guard_auth guard_auth = {
    .access_token = by_access_token,
    .api_key = by_api_key,
    .compat_key = by_compat_key,
    .admin = is_admin,
};
