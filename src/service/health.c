#include "service/health.h"

#include "base/clock.h"
#include "store/health_store.h"

/* Whoever asks gives up soon after. */
#define ANSWER_WITHIN (2 * CLOCK_SECOND)

enum err
health_ready(struct ctx *c, struct health *out)
{
	c->deadline = clock_mono() + ANSWER_WITHIN;
	if (health_store_postgres(c) != OK)
		return fail(c, ERR_UNAVAILABLE, "PostgreSQL: %s",
		    c->err_why == NULL ? "?" : c->err_why);
	*out = (struct health){"ok", "ok", "ok"};
	if (health_store_redis(c) == OK)
		return OK;
	ctx_forgive(c);
	out->status = "degraded";
	out->redis = "down";
	return OK;
}
