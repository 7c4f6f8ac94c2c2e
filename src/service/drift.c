#include "service/drift.h"

#include "base/log.h"
#include "conf/conf.h"

enum err
drift_list(struct ctx *c, struct list *out)
{
	return drift_store_list(c, out);
}

enum err
drift_watch(struct ctx *c, struct errands *none, bool *more)
{
	struct list told = {0};

	(void)none;
	*more = false;
	TRY(drift_store_tell(c, c->conf->provider_drift_tolerance, &told));
	for (size_t i = 0; i < told.n; i++) {
		const struct drift_told *d =
		    (const struct drift_told *)told.at + i;

		log_ev(c, LEVEL_WARN, "provider.drift",
		    L_STR("provider", d->provider), L_I64("drift", d->drift),
		    L_I64("moving", d->moving), L_I64("balance", d->balance));
	}
	return OK;
}

enum err
drift_baseline(struct ctx *c, const char *provider, const char *actor,
    const char *reason, int64_t *left)
{
	TRY(drift_store_baseline(c, provider, actor, reason, left));
	log_ev(c, LEVEL_INFO, "provider.baseline", L_STR("provider", provider),
	    L_I64("left", *left), L_STR("actor", actor),
	    L_STR("reason", reason));
	return OK;
}
