/*
 * wallet_store - balances, credits and statements. Money moves only in the
 * functions of sql/functions.
 */
#ifndef STORE_WALLET_STORE_H
#define STORE_WALLET_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct wallet_row {
	int64_t user_id;
	int64_t available; /* micros, the bonus included */
	int64_t bonus;
	int64_t held;
	int64_t open_holds; /* numbers whose money is not decided yet */
};

struct wallet_credit {
	int64_t user;
	const char *kind; /* deposit, bonus, adjust */
	int64_t amount;   /* micros; below 0 only for adjust */
	const char *actor;
	const char *reason; /* needed for adjust */
	const char *key;    /* makes it happen once */
};

struct wallet_credited {
	const char *status; /* ok, replay (was done before) */
	int64_t transfer_id;
	int64_t available;
	int64_t held;
};

struct wallet_transfer {
	int64_t id;
	const char *kind;
	int64_t change; /* of what is available, micros */
	int64_t held;   /* change of what is held */
	bool is_bonus;
	const char *activation_id;
	const char *actor;
	const char *reason;
	int64_t created_at;
	int64_t balance; /* what was available after it; not in a page */
};

/* ERR_NOT_FOUND when there is no such user. */
enum err wallet_store_find(struct ctx *c, int64_t user, struct wallet_row *out)
    MUST_CHECK;

/*
 * ERR_NOT_FOUND, ERR_BAD_INPUT, ERR_NO_FUNDS; ERR_IDEM_MISMATCH when the key
 * did something else before.
 */
enum err wallet_store_credit(struct ctx *c, const struct wallet_credit *in,
    struct wallet_credited *out) MUST_CHECK;

struct wallet_filter {
	int64_t user;
	int64_t before;   /* ids below this; INT64_MAX: from the newest */
	const char *kind; /* "": any */
	int64_t from, to; /* 0: no limit; `to` is not included */
	int limit;
};

/* struct wallet_transfer, newest first. */
enum err wallet_store_list(
    struct ctx *c, const struct wallet_filter *f, struct list *out) MUST_CHECK;

/* A part of a user's transfers, by their ids. */
struct statement_range {
	int64_t after;   /* begins with the one that follows this, */
	int64_t last;    /* ends with this */
	int64_t balance; /* what was available when it begins */
};

/* The transfers since `from`, before `to` (us, 0 no limit). ERR_NOT_FOUND. */
enum err wallet_store_range(struct ctx *c, int64_t user, int64_t from,
    int64_t to, struct statement_range *out) MUST_CHECK;

/* Up to `limit` struct wallet_transfer of a range, oldest first. */
enum err wallet_store_page(struct ctx *c, int64_t user,
    const struct statement_range *range, int limit, struct list *out)
    MUST_CHECK;

#endif
