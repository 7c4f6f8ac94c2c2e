/*
 * order - one number sold, from the sale to its end. What time brings (SMS,
 * expiry) is applied when the order is looked at, with the times at which
 * it was due, so the answer is the same however often one asks.
 *
 *	WAITING --sms--> GOT --retry--> RETRY --sms--> GOT
 *	   |--cancel--> CANCELED  |--finish, expiry--> FINISHED
 *	   |--ban-----> BANNED
 *	   `--expiry--> TIMEOUT
 *
 * Money: the price is frozen by the sale, spent by the first SMS, given
 * back, in the manner that refund.h says, when the order ends without one.
 */
#ifndef SANDBOX_ORDER_H
#define SANDBOX_ORDER_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/market.h"
#include "sandbox/refund.h"
#include "sandbox/sms.h"
#include "sandbox/world.h"

enum order_state {
	ORDER_WAITING,
	ORDER_GOT,   /* the latest SMS is there */
	ORDER_RETRY, /* another SMS was asked for */
	ORDER_FINISHED,
	ORDER_CANCELED,
	ORDER_TIMEOUT,
	ORDER_BANNED,
	ORDER_STATE__MAX
};

struct order {
	int64_t id;
	int service;
	int country;
	int op; /* operator */
	enum order_state state;
	int64_t price;
	/* What came back after an end without an SMS: how much, how often. */
	int64_t refunded;
	int64_t refunds;
	struct refund_manner manner;
	int64_t refund_due; /* the next; 0: none will come */
	bool refund_waits;  /* in the list of those that wait for it */
	struct order *refund_next;
	char phone[PHONE_SIZE];
	int64_t created; /* us since the epoch, as are all times */
	int64_t expires;
	int64_t closed;  /* 0 while open */
	int64_t sms_due; /* 0: none will come by itself */
	struct sms *sms_first;
	struct sms *sms_last;
	int sms_count;
	int codes;   /* messages with a code */
	int answers; /* sales answered with this id: 1, unless faulty */
	int asked;   /* how often its own state was asked for */
	int64_t asked_at;
	int64_t asked_gap; /* the shortest time between two of these; 0 */
	bool twice;        /* the next SMS arrives twice */
	bool no_code;      /* the next SMS has none */
	bool seen;         /* the customer has read the latest SMS */
	bool warned;       /* a cancel was refused because of an unread SMS */
	const char *ref;   /* the customer's own order id, or NULL */
	struct order *ref_next;
	struct order *open_prev;
	struct order *open_next;
};

/* Ways in which a sale is wrong on purpose. */
enum twist {
	TWIST_NONE,
	TWIST_PRICE,
	TWIST_COUNTRY,
	TWIST_DUPLICATE_ID, /* the latest order is answered again */
	TWIST_SMS_TWICE,
	TWIST_SMS_NO_CODE
};

struct wish {
	int country;
	int service;
	int op;            /* or OPERATOR_ANY */
	int64_t max_price; /* 0: none */
	const char *ref;   /* or NULL */
	enum twist twist;
	int64_t twist_price; /* 0: ten times the price */
	int twist_country;   /* WORLD_NONE: the next one of the table */
};

enum sale {
	SALE_OK,
	SALE_NO_NUMBERS,
	SALE_NO_BALANCE,
	SALE_TOO_DEAR, /* there are numbers, above the wished price */
	SALE_REF_TAKEN,
	SALE_TOO_MANY
};

enum step {
	STEP_OK,
	STEP_EARLY, /* wait until early_cancel_s is over */
	STEP_LATE,  /* free_cancel_s is over */
	STEP_HAS_SMS,
	STEP_NO_SMS,
	STEP_CLOSED
};

/* Prepare the empty store of a new market. */
void order_store(struct market *m);

/* Sell; `*out` is set by SALE_OK only. */
enum sale order_buy(
    struct market *m, const struct wish *w, int64_t now, struct order **out);

/* The order, brought up to `now`; NULL when there is none. */
struct order *order_find(struct market *m, int64_t id, int64_t now);
/* The n-th order ever, from 0, below m->order_count; brought up to now. */
/* Its state is asked for. */
void order_ask(struct order *o, int64_t now);
struct order *order_at(struct market *m, int64_t n, int64_t now);

/* Bring all open orders up to now: balances are exact afterwards. */
void order_settle(struct market *m, int64_t now);

enum step order_cancel(struct market *m, struct order *o, int64_t now);
enum step order_finish(struct market *m, struct order *o, int64_t now);
enum step order_ban(struct market *m, struct order *o, int64_t now);
/* Ask for another SMS. */
enum step order_retry(struct market *m, struct order *o, int64_t now);

/* Deliver a message now; it opens nothing that is closed. */
enum step order_receive(
    struct market *m, struct order *o, struct sms *sms, int64_t now);

/* Put the order into a state by hand, with the money that belongs to it. */
void order_force(
    struct market *m, struct order *o, enum order_state to, int64_t now);

bool order_is_open(const struct order *o);
/* The newest message with a code; NULL for none. */
const struct sms *order_code(const struct order *o);

/* "WAITING" and so on; ORDER_STATE__MAX for an unknown name. */
const char *order_state_name(enum order_state state);
enum order_state order_state_find(const char *name);

#endif
