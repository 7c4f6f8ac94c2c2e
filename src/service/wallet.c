#include "service/wallet.h"

#include "conf/conf.h"

const char *const wallet_kinds[] = {"all", "deposit", "bonus", "adjust", "hold",
    "capture", "rest", "release", NULL};

enum err
wallet_find(struct ctx *c, int64_t user, struct wallet *out)
{
	struct wallet_row row = {0};

	TRY(wallet_store_find(c, user, &row));
	*out = (struct wallet){
	    c->conf->site_currency, row.available, row.bonus, row.held};
	return OK;
}

enum err
wallet_change(struct ctx *c, const struct wallet_change *in, int64_t *transfer)
{
	struct wallet_credit credit = {.user = in->user,
	    .kind = in->kind,
	    .amount = in->amount,
	    .actor = in->actor,
	    .reason = in->reason,
	    .key = in->key};
	struct wallet_credited after = {0};

	TRY(wallet_store_credit(c, &credit, &after));
	*transfer = after.transfer_id;
	return OK;
}

enum err
wallet_list(struct ctx *c, const struct wallet_query *q, struct list *out)
{
	struct wallet_filter f = {.user = q->user,
	    .kind = q->kind > 0 ? wallet_kinds[q->kind] : "",
	    .from = q->from,
	    .to = q->to,
	    .before = q->before > 0 ? q->before : INT64_MAX,
	    .limit = q->limit};

	return wallet_store_list(c, &f, out);
}
