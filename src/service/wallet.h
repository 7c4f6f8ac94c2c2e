/* wallet - what a user has, and how an operator changes it. */
#ifndef SERVICE_WALLET_H
#define SERVICE_WALLET_H

#include <stdint.h>

#include "base/ctx.h"

struct wallet {
	const char *currency; /* ISO 4217 */
	int64_t available;    /* micros */
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
	const char *reason; /* may be "" */
	const char *key;    /* the same key again changes nothing */
};

/* Move money by one transfer; the wallet afterwards. ERR_NO_FUNDS. */
enum err wallet_change(struct ctx *c, const struct wallet_change *in,
    struct wallet *out) MUST_CHECK;

#endif
