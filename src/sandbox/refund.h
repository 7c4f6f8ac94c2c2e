/*
 * refund - how the price of a number that ended without an SMS comes back:
 * at once, late, in part, twice or never. A script of such manners is used
 * in turn: the n-th number ever sold has the n-th manner, and the first one
 * again after the last. Without a script the rule refund_percent holds, at
 * once.
 *
 * All of it is booked: what has not come back (yet) is in account.lost,
 * which is less than nothing where more came back than was paid.
 */
#ifndef SANDBOX_REFUND_H
#define SANDBOX_REFUND_H

#include <stdbool.h>
#include <stdint.h>

struct market;
struct order;

#define REFUND_MANNERS 64

struct refund_manner {
	const char *name; /* as it was given */
	int64_t percent;  /* of the price, each time */
	int64_t delay_ms; /* from the end to the first, and to the next */
	int64_t times;
};

struct refund_script {
	struct refund_manner at[REFUND_MANNERS];
	int64_t count; /* 0: the rule */
};

/*
 * Words separated by commas: once, never, late:MS, part:PERCENT, twice,
 * twice:MS. False when it is none, and then nothing is changed; "" is no
 * script. Names are kept in the market's memory.
 */
bool refund_parse(
    struct market *m, const char *text, struct refund_script *out);

/* The manner of a number; one of the rule has the name "rule". */
struct refund_manner refund_manner(
    const struct market *m, const struct order *o);

/* The number has ended without an SMS: what comes at once comes. */
void refund_open(struct market *m, struct order *o, int64_t at);

/* It is open again: nothing has come back, and nothing will. */
void refund_undo(struct market *m, struct order *o);

/* What has become due by `now` comes: of one number, of all. */
void refund_pay(struct market *m, struct order *o, int64_t now);
void refund_pay_all(struct market *m, int64_t now);

#endif
