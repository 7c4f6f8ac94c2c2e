/*
 * route - the table of addresses: what runs, who may call it, by which
 * limits. A row without a handler or a schema does not link; every choice
 * starts with UNSET, which a test refuses.
 */
#ifndef WEB_ROUTE_H
#define WEB_ROUTE_H

#include <stddef.h>

#include "base/ctx.h"
#include "web/request.h"
#include "web/response.h"

struct schema;

typedef enum err handler_fn(
    struct ctx *c, const struct request *rq, struct response *rs) MUST_CHECK;

enum who { WHO_UNSET, WHO_ANYONE, WHO_USER, WHO_ADMIN, WHO_COOKIE, WHO_COMPAT };
enum limit {
	LIMIT_UNSET,
	LIMIT_STD,
	LIMIT_READ,
	LIMIT_LEASE,
	LIMIT_LOGIN,
	LIMIT_REDEEM
};
enum idem { IDEM_UNSET, IDEM_NONE, IDEM_KEY };

struct route {
	const char *op;
	const char *path; /* below the door's prefix, "/numbers/{id}" */
	handler_fn *run;
	const struct schema *in;
	enum method method;
	int doors; /* set of enum door */
	enum who who;
	enum limit limit;
	enum idem idem;
};

/* Declared from the table: one handler and one input schema per operation. */
#define ROUTE(method, path, op, doors, who, limit, idem) \
	handler_fn op;                                   \
	extern const struct schema op##_in_schema;
#include "web/routes.def"
#undef ROUTE

extern const struct route routes[];
extern const size_t routes_count;

#endif
