/*
 * request - what a handler may know of one HTTP request. Plain data: it
 * decides nothing. Texts belong to the request's arena.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct route;

enum method {
	METHOD_GET,
	METHOD_POST,
	METHOD_PATCH,
	METHOD_PUT,
	METHOD_DELETE,
	METHOD_OTHER /* no route has it */
};

/* Which prefix the request came in by; each door has its own identity. */
enum door {
	DOOR_UNSET,
	DOOR_WEB = 1,   /* /api: bearer access token */
	DOOR_V1 = 2,    /* /api/v1: API key nl_live_ */
	DOOR_COMPAT = 4 /* /api/compat: 32-character key, in the query */
};

enum role { ROLE_NONE, ROLE_USER, ROLE_ADMIN };

/* Filled by the identity guard. */
struct identity {
	int64_t user;
	const char *key; /* API key id (UUID), NULL for a session */
	enum role role;
	const char *session; /* session id of an access token, or NULL */
	int64_t version;     /* of the credentials, as of the token */
};

/* What stood in the place of "{name}" of the route's path. */
#define REQUEST_MAX_PATH_VALUES 4
struct path_value {
	const char *name, *value;
};

struct request {
	enum method method;
	enum door door;
	const char *path;  /* decoded, without the door's prefix */
	const char *query; /* raw */
	const char *body;
	size_t body_size;
	const char *ip;
	const struct route *route;
	struct path_value values[REQUEST_MAX_PATH_VALUES];
	size_t value_count;
	const void *in; /* struct <op>_in, read by <op>_in_schema */
	struct identity who;
	/* The Idempotency-Key without its quotes; never NULL under IDEM_KEY */
	const char *idem_key;
	/* The Redis list by which a worker wakes a parked request of this
	 * process; pass it on with the work that is waited for. */
	const char *reply_list;
	bool hurry; /* it must not wait (the process is leaving, or nobody
		     * more can wait): answer with what is known */
	const char *const *params; /* CGI "NAME=value", NULL at the end */
};

/* A CGI parameter by its name, NULL when absent or sent more than once. */
const char *request_cgi(const struct request *rq, const char *name);
/* A header by its name, NULL when absent or sent more than once. */
const char *request_header(const struct request *rq, const char *name);
/* A cookie's value; NULL when absent. */
const char *request_cookie(
    struct ctx *c, const struct request *rq, const char *name);
/*
 * A decoded query parameter, or one of an application/x-www-form-urlencoded
 * body; the first of several. NULL when absent or not valid UTF-8. At the
 * compat door blanks around a name do not count.
 */
const char *request_param(
    struct ctx *c, const struct request *rq, const char *name);
/* The token of "Authorization: Bearer", NULL when there is none. */
const char *request_bearer(const struct request *rq);

/*
 * The query and a form body can be decoded: percent signs are followed by
 * two digits, and what they make is UTF-8 without NUL.
 */
bool request_is_decodable(struct ctx *c, const struct request *rq);

/* The body is application/x-www-form-urlencoded. */
bool request_is_form(const struct request *rq);

#endif
