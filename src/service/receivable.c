#include "service/receivable.h"

#include "base/log.h"

enum err
receivable_ages(struct ctx *c, struct list *out)
{
	return receivable_store_ages(c, out);
}

enum err
receivable_list(
    struct ctx *c, const char *provider, int limit, struct list *out)
{
	return receivable_store_list(
	    c, provider != NULL ? provider : "", limit, out);
}

enum err
receivable_refund(
    struct ctx *c, const struct receivable_evidence *in, int64_t *open)
{
	TRY(receivable_store_refund(c, in, open));
	log_ev(c, LEVEL_INFO, "receivable.refunded",
	    L_STR("provider", in->provider), L_STR("number", in->upstream_id),
	    L_I64("amount", in->amount), L_I64("open", *open),
	    L_STR("actor", in->actor));
	return OK;
}

enum err
receivable_write_off(
    struct ctx *c, const struct receivable_evidence *in, int64_t *lost)
{
	TRY(receivable_store_write_off(c, in, lost));
	log_ev(c, LEVEL_WARN, "receivable.lost",
	    L_STR("provider", in->provider), L_STR("number", in->upstream_id),
	    L_I64("amount", *lost), L_STR("actor", in->actor),
	    L_STR("reason", in->reason));
	return OK;
}

enum err
doubt_list(struct ctx *c, int limit, struct list *out)
{
	return receivable_store_doubts(c, limit, out);
}

enum err
doubt_close(struct ctx *c, const struct doubt_end *in, int64_t *lost)
{
	TRY(receivable_store_doubt_end(c, in, lost));
	log_ev(c, LEVEL_WARN, "doubt.closed", L_STR("attempt", in->attempt),
	    L_I64("back", in->back), L_I64("lost", *lost),
	    L_STR("actor", in->actor), L_STR("reason", in->reason));
	return OK;
}
