#include "store/limit_store.h"

#include <inttypes.h>

#include "base/arena.h"
#include "io/kv.h"

/*
 * The generic cell rate algorithm: one number per subject, the theoretical
 * arrival time of its next request. A time beyond what the limit allows (the
 * clock was set back, the limit was lowered) is cut AND stored, or the
 * subject would stay locked out until the clock has caught up.
 */
static const struct kv_script gcra = {
    .text = "local step = tonumber(ARGV[1]) "
	    "local burst = tonumber(ARGV[2]) * step "
	    "local t = redis.call('TIME') "
	    "local now = t[1] * 1000000 + t[2] "
	    "local tat = tonumber(redis.call('GET', KEYS[1]) or now) "
	    "if tat < now then tat = now end "
	    "if tat > now + burst then tat = now + burst end "
	    "local after = tat + step "
	    "local retry = after - now - burst "
	    "if retry > 0 then after = tat end "
	    "redis.call('SET', KEYS[1], string.format('%.0f', after), "
	    "'PX', math.ceil((after - now) / 1000) + 1) "
	    "if retry < 0 then retry = 0 end "
	    "return retry",
};

enum err
limit_store_take(struct ctx *c, const char *subject, int64_t count,
    int64_t period_us, int64_t *retry_us)
{
	const char *words[] = {arena_fmt(c->mem, "numlease:limit:%s", subject),
	    arena_fmt(c->mem, "%" PRId64, period_us / count),
	    arena_fmt(c->mem, "%" PRId64, count)};
	struct kv_reply reply;

	TRY(kv_eval(c, &gcra, &reply, 1, 3, words));
	if (reply.type != KV_INT)
		return fail(c, ERR_INTERNAL, "limit: answer of type %d",
		    (int)reply.type);
	*retry_us = reply.num;
	return OK;
}
