/* voucher_store - vouchers by the hashes of their codes. */
#ifndef STORE_VOUCHER_STORE_H
#define STORE_VOUCHER_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct voucher_set {
	const char *kind;   /* deposit or bonus */
	int64_t amount;     /* micros, of each */
	int64_t expires_at; /* us, 0 never */
	const char *batch;  /* "" none */
	const char *actor, *reason;
};

struct voucher_code_row {
	const char *hash; /* hex of the SHA-256 */
	const char *hint;
};

struct redeemed {
	const char *status;
	int64_t transaction_id;
	const char *kind; /* cash or bonus */
	int64_t amount;
	int64_t redeemed_at;
};

struct voucher_row {
	int64_t id;
	const char *hint, *batch;
	const char *kind; /* cash or bonus */
	int64_t amount;
	const char *state; /* open, redeemed, expired, revoked */
	int64_t expires_at;
	int64_t created_at;
	const char *created_by, *reason;
	int64_t redeemed_at;
	const char *redeemed_by; /* UUID of the user */
	int64_t revoked_at;
	const char *revoked_by;
};

struct voucher_filter {
	int64_t before;    /* ids below this */
	const char *batch; /* "" any */
	const char *state; /* "" any */
	int limit;
};

/* ERR_BAD_INPUT. */
enum err voucher_store_make(struct ctx *c, const struct voucher_set *set,
    const struct voucher_code_row *codes, size_t n) MUST_CHECK;

/* ERR_UNKNOWN_VOUCHER, _USED, _EXPIRED, _REVOKED, ERR_IDEM_MISMATCH. */
enum err voucher_store_redeem(struct ctx *c, int64_t user, const char *hash,
    const char *key, struct redeemed *out) MUST_CHECK;

/* ERR_NOT_FOUND, ERR_VOUCHER_USED. */
enum err voucher_store_revoke(struct ctx *c, int64_t id, const char *actor)
    MUST_CHECK;

/* struct voucher_row, newest first. */
enum err voucher_store_list(
    struct ctx *c, const struct voucher_filter *f, struct list *out) MUST_CHECK;

#endif
