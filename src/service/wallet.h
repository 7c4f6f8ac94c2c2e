/* wallet - what a user has, and how an operator changes it. */
#ifndef SERVICE_WALLET_H
#define SERVICE_WALLET_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/wallet_store.h"

struct wallet {
	const char *currency; /* ISO 4217 */
	int64_t available;    /* micros: all that can be spent */
	int64_t bonus;        /* the part of it that was given */
	int64_t held;         /* set aside for open numbers */
};

/* The wallet of a user. ERR_NOT_FOUND. */
enum err wallet_find(struct ctx *c, int64_t user, struct wallet *out)
    MUST_CHECK;

struct wallet_change {
	int64_t user;
	const char *kind;   /* "deposit", "bonus"; "adjust" needs a reason */
	int64_t amount;     /* micros; below 0 only to adjust */
	const char *actor;  /* who does it, for the ledger */
	const char *reason; /* needed to adjust and to take */
	const char *key;    /* the same key again changes nothing */
};

/*
 * Move money by one transfer; its id. ERR_NO_FUNDS, ERR_NOT_FOUND,
 * ERR_BAD_INPUT, ERR_IDEM_MISMATCH when the key did something else before.
 */
enum err wallet_change(struct ctx *c, const struct wallet_change *in,
    int64_t *transfer) MUST_CHECK;

extern const char *const wallet_kinds[]; /* of transfers; "all" is first */

struct wallet_query {
	int64_t user;
	int kind;         /* index of wallet_kinds */
	int64_t from, to; /* us, 0 no limit; `to` is not included */
	int64_t before;   /* ids below this; 0: from the newest */
	int limit;
};

/* struct wallet_transfer, newest first. */
enum err wallet_list(
    struct ctx *c, const struct wallet_query *q, struct list *out) MUST_CHECK;

#endif
