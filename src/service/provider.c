#include "service/provider.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/log.h"
#include "base/money.h"
#include "base/text.h"
#include "conf/conf.h"
#include "crypto/seal.h"
#include "crypto/vault.h"
#include "provider/descriptor.h"
#include "service/upstream_settings.h"
#include "store/provider_store.h"

#define PRIORITY_DEFAULT 100

const char *const provider_states[] = {
    "unknown", "up", "degraded", "down", NULL};

static int
state_of(const char *name)
{
	for (int i = 0; provider_states[i] != NULL; i++)
		if (text_eq(provider_states[i], name))
			return i;
	return 0;
}

static struct provider
provider_of(const struct provider_row *row)
{
	bool known = row->balance != INT64_MAX;

	return (struct provider){.name = row->name,
	    .dialect = row->dialect,
	    .enabled = row->enabled,
	    .state = state_of(row->state),
	    .balance = known ? row->balance : 0,
	    .balance_known = known,
	    .currency = row->currency,
	    .offers = row->offers,
	    .last_ok_at = row->last_ok_at,
	    .last_error = row->last_error};
}

enum err
provider_list(struct ctx *c, struct list *out)
{
	const struct provider_row *rows;
	struct list found = {0};
	struct provider *all;

	TRY(provider_store_list(c, &found));
	rows = found.at;
	all = arena_many(c->mem, struct provider, found.n + 1);
	for (size_t i = 0; i < found.n; i++)
		all[i] = provider_of(&rows[i]);
	*out = (struct list){all, found.n};
	return OK;
}

enum err
provider_put(struct ctx *c, const struct provider_setup *setup)
{
	const struct seal_place place = {"providers", setup->name, "secret"};
	const struct descriptor *d = NULL;
	struct provider_new new = {.name = setup->name,
	    .dialect = setup->dialect,
	    .currency = setup->currency,
	    .fx_rate = setup->fx_rate,
	    .priority =
		setup->priority > 0 ? setup->priority : PRIORITY_DEFAULT,
	    .enabled = true};
	const struct upstream_settings settings = {.base = setup->base,
	    .rps = setup->rps,
	    .buy_rps = setup->buy_rps,
	    .concurrency = setup->concurrency};
	struct sealed sealed = {0};
	int64_t id = 0;

	TRY(descriptor_load(
	    c, c->conf->provider_descriptors, setup->dialect, &d));
	TRY(upstream_settings_print(c, &settings, &new.settings));
	if (new.currency == NULL)
		new.currency =
		    d->currency != NULL ? d->currency : c->conf->site_currency;
	if (setup->key != NULL)
		sealed = seal_apply(c, c->vault->master, &place, setup->key,
		    strlen(setup->key));
	new.secret = sealed.at;
	new.secret_size = sealed.size;
	TRY(provider_store_put(c, &new, &id));
	log_ev(c, LEVEL_INFO, "provider.put", L_STR("provider", setup->name),
	    L_STR("dialect", setup->dialect));
	return OK;
}

enum err
provider_switch(struct ctx *c, const char *name, bool on, struct provider *out)
{
	struct provider_row row = {0};

	if (on)
		TRY(provider_store_enable(c, name));
	else
		TRY(provider_store_disable(c, name));
	log_ev(c, LEVEL_INFO, "provider.switched", L_STR("provider", name),
	    L_STR("to", on ? "on" : "off"));
	TRY(provider_store_find(c, name, &row));
	*out = provider_of(&row);
	return OK;
}
