#include "web/guard.h"

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "conf/conf.h"
#include "io/schema.h"
#include "web/route.h"

static guard_fn *const guards[] = {
    guard_maintenance,
    guard_form,
    guard_origin,
    guard_media,
    guard_who,
    guard_admin,
    guard_limit,
    guard_idem,
    guard_schema,
};

enum err
guard_run(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	for (size_t i = 0; i < sizeof(guards) / sizeof(guards[0]); i++)
		TRY(guards[i](c, env, rq, rs));
	return OK;
}

/* What is under way goes on; nothing new is begun. */
enum err
guard_maintenance(struct ctx *c, const struct guard_env *env,
    struct request *rq, struct response *rs)
{
	(void)env;
	(void)rs;
	if (c->conf->policy_maintenance && rq->route->limit == LIMIT_LEASE)
		return fail(c, ERR_MAINTENANCE, "policy.maintenance is on");
	return OK;
}

/* A header that decides something and was sent twice: whom to believe? */
static bool
is_decisive(const char *param)
{
	static const char *const names[] = {
	    "HTTP_AUTHORIZATION=", "HTTP_IDEMPOTENCY_KEY=", "HTTP_COOKIE=",
	    "HTTP_ORIGIN=", "HTTP_SEC_FETCH_SITE=", "HTTP_X_",
	    "CONTENT_TYPE=", "CONTENT_LENGTH="};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (text_starts(param, names[i]))
			return true;
	return false;
}

static bool
is_repeated(const char *const *params, const char *param)
{
	size_t n = strcspn(param, "=") + 1;
	int times = 0;

	for (; *params != NULL; params++)
		times += strncmp(*params, param, n) == 0;
	return times > 1;
}

enum err
guard_form(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	(void)env;
	(void)rs;
	for (const char *const *p = rq->params; *p != NULL; p++)
		if (is_decisive(*p) && is_repeated(rq->params, *p))
			return fail(c, ERR_BAD_REQUEST, "twice: %.*s",
			    (int)strcspn(*p, "="), *p);
	if (!request_is_decodable(c, rq))
		return fail(c, ERR_BAD_REQUEST, "query or form encoding");
	return OK;
}

/*
 * Only what the browser adds by itself (the cookie) needs proof that our own
 * page has asked; a bearer token is proof enough, but a foreign page has no
 * business to send one either.
 */
enum err
guard_origin(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	const char *origin = request_header(rq, "Origin");
	const char *site = request_header(rq, "Sec-Fetch-Site");

	(void)env;
	(void)rs;
	if (rq->method == METHOD_GET || rq->door != DOOR_WEB)
		return OK;
	if (origin != NULL && !text_eq(origin, c->conf->site_origin))
		return fail(c, ERR_BAD_ORIGIN, "origin %.100s", origin);
	if (rq->route->who != WHO_COOKIE || origin != NULL)
		return OK;
	if (text_eq(site, "same-origin") || text_eq(site, "none"))
		return OK;
	return fail(c, ERR_BAD_ORIGIN, "neither Origin nor Sec-Fetch-Site");
}

/* application/json, with or without parameters. */
static bool
is_json(const char *type)
{
	static const char json[] = "application/json";

	return type != NULL && text_starts_ci(type, json) &&
	    strchr(" ;", type[sizeof(json) - 1]) != NULL;
}

enum err
guard_media(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	(void)env;
	(void)rs;
	if (rq->body_size == 0 || rq->door == DOOR_COMPAT)
		return OK;
	if (!is_json(request_header(rq, "Content-Type")))
		return fail(c, ERR_BAD_MEDIA, "not application/json");
	return OK;
}

enum err
guard_admin(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	(void)rs;
	if (rq->route->who != WHO_ADMIN)
		return OK;
	if (rq->who.role != ROLE_ADMIN)
		return fail(c, ERR_FORBIDDEN, "role %d", (int)rq->who.role);
	return env->auth->admin(c, &rq->who);
}

/* A structured-field string (RFC 8941 3.3.3), or the same without quotes. */
static const char *
read_idem_key(struct ctx *c, const char *value)
{
	size_t n = strlen(value);
	bool quoted = n >= 2 && value[0] == '"' && value[n - 1] == '"';

	if (quoted) {
		value++;
		n -= 2;
	}
	if (n < 1 || n > 128)
		return NULL;
	for (size_t i = 0; i < n; i++)
		if (value[i] <= ' ' || value[i] > '~' || value[i] == '"' ||
		    value[i] == '\\')
			return NULL;
	return arena_strndup(c->mem, value, n);
}

enum err
guard_idem(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	const char *value = request_header(rq, "Idempotency-Key");

	(void)env;
	(void)rs;
	if (rq->route->idem != IDEM_KEY)
		return OK;
	if (value == NULL)
		return fail(c, ERR_IDEM_MISSING, "no header");
	rq->idem_key = read_idem_key(c, value);
	if (rq->idem_key == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "Idempotency-Key is not 1 to 128 visible characters");
	return OK;
}

struct source_arg {
	struct ctx *c;
	const struct request *rq;
};

static const char *
source_value(const void *arg, enum field_from from, const char *name)
{
	const struct source_arg *a = arg;

	if (from == FROM_QUERY)
		return request_param(a->c, a->rq, name);
	for (size_t i = 0; i < a->rq->value_count; i++)
		if (strcmp(a->rq->values[i].name, name) == 0)
			return a->rq->values[i].value;
	return NULL;
}

enum err
guard_schema(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	struct source_arg arg = {c, rq};
	bool has_body = rq->method != METHOD_GET && rq->door != DOOR_COMPAT;
	struct schema_source from = {.body = has_body ? rq->body : NULL,
	    .body_size = has_body ? rq->body_size : 0,
	    .value = source_value,
	    .arg = &arg};
	void *in;

	(void)env;
	(void)rs;
	TRY(schema_read(c, rq->route->in, &from, &in));
	rq->in = in;
	return OK;
}
