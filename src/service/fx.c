#include "service/fx.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"

#define HISTORY_MAX 1000

enum fx_state
fx_state(const struct ctx *c, const char *currency, int64_t rate_at)
{
	int64_t most = c->conf->fx_max_age;

	if (text_eq(currency, c->conf->site_currency))
		return FX_FINE;
	if (rate_at == 0)
		return FX_UNKNOWN;
	return most > 0 && clock_now() - rate_at > most ? FX_OLD : FX_FINE;
}

enum err
fx_set(struct ctx *c, const struct fx_row *rate)
{
	if (text_eq(rate->currency, c->conf->site_currency))
		return schema_refuse(
		    c, "currency", "format", "is the wallets' own currency");
	if (text_is_empty(rate->reason))
		return schema_refuse(c, "reason", "missing", "is needed");
	TRY(fx_store_set(c, rate));
	log_ev(c, LEVEL_INFO, "fx.set", L_STR("currency", rate->currency),
	    L_I64("rate", rate->rate), L_STR("actor", rate->actor));
	return OK;
}

enum err
fx_list(struct ctx *c, struct list *out)
{
	return fx_store_list(c, out);
}

enum err
fx_history(struct ctx *c, const char *currency, struct list *out)
{
	return fx_store_history(c, currency, HISTORY_MAX, out);
}
