/*
 * request - what a handler may know of one HTTP request. Plain data: it
 * decides nothing. Texts belong to the request's arena.
 */
#ifndef WEB_REQUEST_H
#define WEB_REQUEST_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct route;

enum method {
	METHOD_GET,
	METHOD_POST,
	METHOD_PATCH,
	METHOD_PUT,
	METHOD_DELETE
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
	int64_t key; /* API key id, 0 for a session */
	enum role role;
	const char *session; /* session id of an access token, or NULL */
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
	const void *in; /* struct <op>_in, read by <op>_in_schema */
	struct identity who;
	const void *cgi; /* headers; use the functions below */
};

/* A header by its name, NULL when absent or sent more than once. */
const char *request_header(const struct request *rq, const char *name);
/* A cookie's value; NULL when absent. */
const char *request_cookie(
    struct ctx *c, const struct request *rq, const char *name);
/* A decoded query (or urlencoded body) parameter; NULL when absent. */
const char *request_param(
    struct ctx *c, const struct request *rq, const char *name);

#endif
