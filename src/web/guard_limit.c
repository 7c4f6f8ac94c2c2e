/* How often? By user where one is known, else by network. */
#include <inttypes.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "web/guard.h"
#include "web/limiter.h"
#include "web/route.h"

#define MINUTE (60 * CLOCK_SECOND)

struct row {
	const char *name;
	struct limit_rule rule;
	bool by_net; /* also when the user is known */
};

static bool
row_of(const struct conf *conf, enum limit limit, struct row *out)
{
	switch (limit) {
	case LIMIT_STD:
	case LIMIT_READ:
		*out = (struct row){
		    "request", {conf->rate_request_per_minute, MINUTE}, false};
		return true;
	case LIMIT_LEASE:
		*out = (struct row){
		    "lease", {conf->rate_lease_per_minute, MINUTE}, false};
		return true;
	case LIMIT_LOGIN:
		*out = (struct row){
		    "login", {conf->rate_login_per_address, 15 * MINUTE}, true};
		return true;
	case LIMIT_UNSET:
		break;
	}
	return false;
}

static const char *
subject_of(struct ctx *c, const struct request *rq, const struct row *row)
{
	char net[LIMITER_NET_SIZE];

	if (rq->who.user != 0 && !row->by_net)
		return arena_fmt(
		    c->mem, "%s/user/%" PRId64, row->name, rq->who.user);
	limiter_net(rq->ip, net);
	return arena_fmt(c->mem, "%s/net/%s", row->name, net);
}

enum err
guard_limit(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	const char *subject;
	struct row row;
	int64_t retry;

	if (!row_of(c->conf, rq->route->limit, &row))
		return fail(c, ERR_FORBIDDEN, "the route has no limit");
	subject = subject_of(c, rq, &row);
	if (limiter_take(
		env->limiter, subject, &row.rule, clock_mono(), &retry))
		return OK;
	response_header(rs, "Retry-After",
	    arena_fmt(c->mem, "%" PRId64, (retry - 1) / CLOCK_SECOND + 1));
	return fail(c, ERR_RATE_LIMITED, "%s", subject);
}
