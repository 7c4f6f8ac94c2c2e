#include "service/once.h"

#include <string.h>

#include "base/arena.h"
#include "base/text.h"
#include "crypto/digest.h"
#include "store/idempotency_store.h"
#include "store/status.h"

static const char *
print_of(struct ctx *c, const struct once *o)
{
	unsigned char digest[DIGEST_SIZE];
	char *hex = arena_alloc(c->mem, 1, DIGEST_HEX_SIZE);

	digest_sha256(o->said, strlen(o->said), digest);
	digest_print(digest, hex);
	return hex;
}

enum err
once_find(struct ctx *c, struct once *o)
{
	struct idempotency_row row = {0};
	bool found = false;

	TRY(idempotency_store_find(c, c->user, o->key, &row, &found));
	if (!found)
		return OK;
	if (!text_eq(row.fingerprint, print_of(c, o)))
		return fail(c, ERR_IDEM_MISMATCH, "another request had it");
	o->status = row.status;
	o->answer = row.response;
	o->refused = row.status >= 400 ? status_err(row.response) : OK;
	return OK;
}

/* Whatever is tried again, it stays so. */
static bool
is_for_good(enum err e)
{
	static const enum err all[] = {OK, ERR_NO_FUNDS, ERR_UNKNOWN_VOUCHER,
	    ERR_VOUCHER_USED, ERR_VOUCHER_EXPIRED, ERR_VOUCHER_REVOKED};

	for (size_t i = 0; i < sizeof(all) / sizeof(all[0]); i++)
		if (all[i] == e)
			return true;
	return false;
}

static enum err
keep(struct ctx *c, const struct once *o, bool *first)
{
	const struct idempotency_answer row = {.user = c->user,
	    .key = o->key,
	    .fingerprint = print_of(c, o),
	    .status = o->refused == OK ? o->status : err_row(o->refused)->http,
	    .response =
		o->refused == OK ? o->answer : err_row(o->refused)->name};

	return idempotency_store_finish(c, &row, first);
}

void
once_keep(struct ctx *c, const struct once *o)
{
	struct ctx own = *c; /* what is answered stays as it is */
	bool first;

	ctx_forgive(&own);
	if (is_for_good(o->refused) && keep(&own, o, &first) != OK)
		ctx_forgive(&own);
	c->db_us = own.db_us;
}

enum err
once_claim_key(struct ctx *c, struct once *o, bool *mine)
{
	TRY(keep(c, o, mine));
	return *mine ? OK : once_find(c, o);
}
