#include "service/rate.h"

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/provider_store.h"

enum err
rate_count(struct ctx *c, struct errands *none, bool *more)
{
	/* A closing is one statement, and none of them takes longer. */
	const struct rate_rule rule = {
	    .half = c->conf->route_rate_half_life / CLOCK_MS,
	    .patience = c->conf->route_rate_patience / CLOCK_MS,
	    .lag = 2 * c->conf->database_timeout / CLOCK_MS};
	int64_t n = 0;

	(void)none;
	TRY(provider_store_rates(c, &rule, &n, more));
	if (n > 0)
		log_ev(c, LEVEL_DEBUG, "rates.counted", L_I64("numbers", n));
	return OK;
}
