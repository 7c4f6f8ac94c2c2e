#include "service/wallet.h"

#include "conf/conf.h"
#include "store/wallet_store.h"

enum err
wallet_find(struct ctx *c, int64_t user, struct wallet *out)
{
	struct wallet_row row = {0};

	TRY(wallet_store_find(c, user, &row));
	*out = (struct wallet){c->conf->site_currency, row.available, row.held};
	return OK;
}

enum err
wallet_change(struct ctx *c, const struct wallet_change *in, struct wallet *out)
{
	struct wallet_credit credit = {.user = in->user,
	    .kind = in->kind,
	    .amount = in->amount,
	    .actor = in->actor,
	    .reason = in->reason,
	    .key = in->key};
	struct wallet_credited after = {0};

	TRY(wallet_store_credit(c, &credit, &after));
	*out = (struct wallet){
	    c->conf->site_currency, after.available, after.held};
	return OK;
}
