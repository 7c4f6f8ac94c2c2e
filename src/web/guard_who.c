/* Who is it? One credential per door, and nothing else is looked at. */
#include <stddef.h>

#include "base/text.h"
#include "web/guard.h"
#include "web/route.h"

static enum err
identify(struct ctx *c, guard_identify_fn *by, const char *credential,
    struct identity *out)
{
	if (text_is_empty(credential))
		return fail(c, ERR_UNAUTHENTIC, "no credential");
	return by(c, credential, out);
}

static enum err
by_door(struct ctx *c, const struct guard_auth *auth, struct request *rq)
{
	const char *bearer = request_bearer(rq);

	switch (rq->door) {
	case DOOR_WEB:
		return identify(c, auth->access_token, bearer, &rq->who);
	case DOOR_V1:
		return identify(c, auth->api_key, bearer, &rq->who);
	case DOOR_COMPAT:
		if (bearer == NULL)
			bearer = request_param(c, rq, "api_key");
		return identify(c, auth->compat_key, bearer, &rq->who);
	case DOOR_UNSET:
		break;
	}
	return fail(c, ERR_UNAUTHENTIC, "no door");
}

enum err
guard_who(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	(void)rs;
	switch (rq->route->who) {
	case WHO_ANYONE:
	case WHO_COOKIE: /* the service reads the cookie; see guard_origin */
		return OK;
	case WHO_USER:
	case WHO_ADMIN:
	case WHO_COMPAT:
		TRY(by_door(c, env->auth, rq));
		c->user = rq->who.user;
		return OK;
	case WHO_UNSET:
		break;
	}
	return fail(c, ERR_FORBIDDEN, "the route says nobody");
}
