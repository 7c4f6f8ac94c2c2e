/*
 * guard - what must hold before a handler runs, in order. Each guard asks
 * one question about the request and its row of the route table; the first
 * that refuses ends the request.
 *
 *	maintenance  is this open now?
 *	form         can every part be read in one way only?
 *	origin       did our own page send it? (browsers)
 *	media        is the body of a kind we read?
 *	who          who is it?
 *	admin        may only administrators?
 *	limit        how often?
 *	idem         is there an Idempotency-Key where one is needed?
 *	schema       is the input what the operation takes?
 */
#ifndef WEB_GUARD_H
#define WEB_GUARD_H

#include "base/ctx.h"
#include "web/request.h"
#include "web/response.h"

struct limiter;

/* Identify by one credential: anything wrong is ERR_UNAUTHENTIC. */
typedef enum err guard_identify_fn(
    struct ctx *c, const char *credential, struct identity *out);

/* The services behind the guards; tests bring their own. */
struct guard_auth {
	guard_identify_fn *access_token;
	guard_identify_fn *api_key;
	guard_identify_fn *compat_key;
	/* OK when this is an administrator now, else ERR_FORBIDDEN. */
	enum err (*admin)(struct ctx *c, const struct identity *who);
};

/* The services of the product. */
extern const struct guard_auth guard_auth;

/*
 * A limit that all machines share: ERR_RATE_LIMITED with when to come again;
 * any other error means that it cannot be asked.
 */
typedef enum err guard_limit_fn(struct ctx *c, const char *subject,
    int64_t count, int64_t period_us, int64_t *retry_us);

struct guard_env {
	const struct guard_auth *auth;
	struct limiter *limiter; /* this machine's own */
	/* For leases and logins; NULL: only this machine counts. */
	guard_limit_fn *shared_limit;
};

typedef enum err guard_fn(struct ctx *c, const struct guard_env *env,
    struct request *rq, struct response *rs) MUST_CHECK;

guard_fn guard_maintenance, guard_form, guard_origin, guard_media, guard_who,
    guard_admin, guard_limit, guard_idem, guard_schema;

/* All of them. A guard may set headers of `rs`, whatever it answers. */
enum err guard_run(struct ctx *c, const struct guard_env *env,
    struct request *rq, struct response *rs) MUST_CHECK;

#endif
