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
	int64_t count, period;
	bool by_net; /* also when the user is known */
	bool shared; /* worth a round trip to Redis */
};

static bool
row_of(const struct conf *conf, enum limit limit, struct row *out)
{
	switch (limit) {
	case LIMIT_STD:
	case LIMIT_READ:
		*out = (struct row){"request", conf->rate_request_per_minute,
		    MINUTE, false, false};
		return true;
	case LIMIT_LEASE:
		*out = (struct row){
		    "lease", conf->rate_lease_per_minute, MINUTE, false, true};
		return true;
	case LIMIT_LOGIN:
		*out = (struct row){"login", conf->rate_login_per_address,
		    15 * MINUTE, true, true};
		return true;
	case LIMIT_REDEEM:
		*out = (struct row){"redeem", conf->rate_redeem_per_hour,
		    60 * MINUTE, false, true};
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

/*
 * The shared limit where there is one. While it cannot be asked each machine
 * counts for itself: nobody is locked out and nobody runs free.
 */
static enum err
take(struct ctx *c, const struct guard_env *env, const struct row *row,
    const char *subject, int64_t *retry)
{
	struct limit_rule rule = {row->count, row->period};

	if (row->shared && env->shared_limit != NULL) {
		enum err e = env->shared_limit(
		    c, subject, row->count, row->period, retry);

		if (e == OK || e == ERR_RATE_LIMITED)
			return e;
		ctx_forgive(c);
	}
	if (limiter_take(env->limiter, subject, &rule, clock_mono(), retry))
		return OK;
	return fail(c, ERR_RATE_LIMITED, "%s", subject);
}

enum err
guard_limit(struct ctx *c, const struct guard_env *env, struct request *rq,
    struct response *rs)
{
	struct row row;
	int64_t retry = 0;
	enum err e;

	if (!row_of(c->conf, rq->route->limit, &row))
		return fail(c, ERR_FORBIDDEN, "the route has no limit");
	e = take(c, env, &row, subject_of(c, rq, &row), &retry);
	if (e != OK)
		response_header(rs, "Retry-After",
		    arena_fmt(
			c->mem, "%" PRId64, (retry - 1) / CLOCK_SECOND + 1));
	return e;
}
