/*
 * voucher - money that is given as a code. The codes are told once, when they
 * are made; whoever has one redeems it, once.
 */
#ifndef SERVICE_VOUCHER_H
#define SERVICE_VOUCHER_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "crypto/voucher_code.h"
#include "store/voucher_store.h"

#define VOUCHER_MAKE_MAX 500 /* in one call, which is one transaction */

extern const char *const voucher_kinds[];  /* "cash", "bonus", NULL */
extern const char *const voucher_states[]; /* "all" is first */

struct voucher_ask {
	int kind;           /* index of voucher_kinds */
	int64_t amount;     /* micros, of each */
	int64_t expires_at; /* us, 0 never */
	const char *batch;  /* NULL none */
	const char *actor, *reason;
};

struct voucher_code {
	char text[VOUCHER_CODE_SIZE];
};

/* ERR_BAD_INPUT with the field that will not do. */
enum err voucher_check(struct ctx *c, const struct voucher_ask *ask) MUST_CHECK;

/* Make `n` (1 to VOUCHER_MAKE_MAX) vouchers; their codes. ERR_BAD_INPUT. */
enum err voucher_make(struct ctx *c, const struct voucher_ask *ask,
    struct voucher_code *out, size_t n) MUST_CHECK;

/*
 * For the acting user. A code that is none and one that nobody made are both
 * ERR_UNKNOWN_VOUCHER; see voucher_store_redeem() for the rest. The same user
 * with the same key gets the same answer again.
 */
enum err voucher_redeem(struct ctx *c, const char *code, const char *key,
    struct redeemed *out) MUST_CHECK;

/* Make one worthless, also if it was. ERR_NOT_FOUND, ERR_VOUCHER_USED. */
enum err voucher_revoke(struct ctx *c, int64_t id, const char *actor)
    MUST_CHECK;

/* The same with all open ones of a batch; how many. */
enum err voucher_revoke_batch(
    struct ctx *c, const char *batch, const char *actor, int64_t *n) MUST_CHECK;

struct voucher_query {
	int64_t before;    /* ids below this; 0 from the newest */
	const char *batch; /* NULL any */
	int state;         /* index of voucher_states */
	int limit;
};

/* struct voucher_row, newest first. */
enum err voucher_list(
    struct ctx *c, const struct voucher_query *q, struct list *out) MUST_CHECK;

#endif
