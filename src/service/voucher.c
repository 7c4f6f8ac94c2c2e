#include "service/voucher.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"

const char *const voucher_kinds[] = {"cash", "bonus", NULL};
const char *const voucher_states[] = {
    "all", "open", "redeemed", "expired", "revoked", NULL};

static const char *
hash_of(struct ctx *c, const char *code)
{
	unsigned char digest[DIGEST_SIZE];
	char *hex = arena_alloc(c->mem, 1, DIGEST_HEX_SIZE);

	voucher_code_hash(code, digest);
	digest_print(digest, hex);
	return hex;
}

static const char *
or_empty(const char *text)
{
	return text != NULL ? text : "";
}

enum err
voucher_check(struct ctx *c, const struct voucher_ask *ask)
{
	if (ask->amount <= 0)
		return schema_refuse(c, "amount", "range", "must be above 0");
	if (ask->expires_at != 0 && ask->expires_at <= clock_now())
		return schema_refuse(c, "expires_at", "range", "is over");
	return OK;
}

enum err
voucher_make(struct ctx *c, const struct voucher_ask *ask,
    struct voucher_code *out, size_t n)
{
	const struct voucher_set set = {
	    .kind = ask->kind == 0 ? "deposit" : "bonus",
	    .amount = ask->amount,
	    .expires_at = ask->expires_at,
	    .batch = or_empty(ask->batch),
	    .actor = ask->actor,
	    .reason = or_empty(ask->reason)};
	struct voucher_code_row *rows =
	    arena_many(c->mem, struct voucher_code_row, n + 1);

	law(n > 0 && n <= VOUCHER_MAKE_MAX);
	TRY(voucher_check(c, ask));
	for (size_t i = 0; i < n; i++) {
		char *hint = arena_alloc(c->mem, 1, VOUCHER_HINT_SIZE);

		voucher_code_new(out[i].text);
		voucher_code_hint(out[i].text, hint);
		rows[i] =
		    (struct voucher_code_row){hash_of(c, out[i].text), hint};
	}
	TRY(voucher_store_make(c, &set, rows, n));
	log_ev(c, LEVEL_INFO, "voucher.made", L_I64("count", (int64_t)n),
	    L_STR("kind", set.kind), L_I64("amount", set.amount),
	    L_STR("batch", set.batch), L_STR("actor", set.actor));
	return OK;
}

enum err
voucher_redeem(
    struct ctx *c, const char *code, const char *key, struct redeemed *out)
{
	return voucher_store_redeem(c, c->user, hash_of(c, code), key, out);
}

enum err
voucher_revoke(struct ctx *c, int64_t id, const char *actor)
{
	TRY(voucher_store_revoke(c, id, actor));
	log_ev(c, LEVEL_INFO, "voucher.revoked", L_I64("voucher", id),
	    L_STR("actor", actor));
	return OK;
}

enum err
voucher_revoke_batch(
    struct ctx *c, const char *batch, const char *actor, int64_t *n)
{
	struct voucher_filter f = {.before = INT64_MAX,
	    .batch = batch,
	    .state = "open",
	    .limit = VOUCHER_MAKE_MAX};
	struct list list = {0};

	*n = 0;
	do {
		const struct voucher_row *rows;

		TRY(voucher_store_list(c, &f, &list));
		rows = list.at;
		for (size_t i = 0; i < list.n; i++) {
			enum err e = voucher_revoke(c, rows[i].id, actor);

			f.before = rows[i].id;
			if (e == ERR_VOUCHER_USED) /* meanwhile */
				ctx_forgive(c);
			else
				TRY(e);
			*n += e == OK;
		}
	} while (list.n == VOUCHER_MAKE_MAX);
	return OK;
}

enum err
voucher_list(struct ctx *c, const struct voucher_query *q, struct list *out)
{
	const struct voucher_filter f = {
	    .before = q->before > 0 ? q->before : INT64_MAX,
	    .batch = or_empty(q->batch),
	    .state = q->state > 0 ? voucher_states[q->state] : "",
	    .limit = q->limit};

	return voucher_store_list(c, &f, out);
}
