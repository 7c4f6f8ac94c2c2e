/*
 * market - what one simulated upstream owns and sells: offers with price and
 * stock, the customer's balance and rating, the orders, and the settings
 * that say how the numbers behave. One market is one account at one
 * upstream; everything is in memory and lives as long as the process.
 *
 * Records are open for reading; they are changed by market.c and order.c
 * (trade) and by control.c (the test's hand) only. Money is int64 micros.
 *
 * Law: balance + frozen + spent + lost == everything ever paid in, where
 * `lost` is what was not refunded although it should have been.
 */
#ifndef SANDBOX_MARKET_H
#define SANDBOX_MARKET_H

#include <stdbool.h>
#include <stdint.h>

#include "sandbox/refund.h"
#include "sandbox/world.h"

struct arena;
struct order;
struct order_page;

#define OPERATOR_COUNT 3
#define OPERATOR_ANY   (-1)

struct offer {
	int64_t price;
	int64_t stock;
	bool never; /* sells numbers that receive nothing */
};

/* How numbers behave; a service may have its own value for each. */
struct rules {
	int64_t sms_delay_ms;   /* from the sale to the first SMS */
	int64_t never_sms;      /* 1: no SMS comes by itself */
	int64_t early_cancel_s; /* cancel is refused for so long */
	int64_t free_cancel_s;  /* and again after so long; 0: never */
	int64_t lifetime_s;
	int64_t received_ms;    /* 5sim: PENDING turns RECEIVED, no SMS yet */
	int64_t phone_ms;       /* 5sim: the order has no phone for so long */
	int64_t followup_ms;    /* a code-less SMS follows; 0: none */
	int64_t refund_percent; /* of the price, when a cancel is accepted */
};
#define RULE_INHERIT INT64_MIN
#define RULE(m, service, field)                           \
	((m)->by_service[service].field != RULE_INHERIT ? \
		(m)->by_service[service].field :          \
		(m)->rules.field)

/* How the account and its lists behave. */
struct account {
	int64_t balance;         /* can be spent */
	int64_t frozen;          /* paid for orders without an SMS */
	int64_t spent;           /* paid for orders with an SMS */
	int64_t lost;            /* not refunded, or not yet */
	int64_t rating;          /* hundredths, 0 to 9600 */
	int64_t blocked_until;   /* us; the rating had reached 0 */
	int64_t max_active;      /* 0: no limit */
	int64_t honour_order_id; /* 1: a known orderId is refused */
	int64_t no_phones_http;  /* 5sim: status of `no free phones` */
	int64_t list_lag_ms;     /* a new order is not listed so long */
};

struct market {
	struct arena *mem;
	uint64_t seed;
	struct rules rules;
	struct rules first_rules; /* as they were at the start */
	struct rules by_service[SERVICE_COUNT];
	struct account account;
	struct refund_script refunds;
	struct refund_script first_refunds;
	bool sells_country[COUNTRY_COUNT];
	bool sells_service[SERVICE_COUNT];
	struct offer offers[COUNTRY_COUNT][SERVICE_COUNT][OPERATOR_COUNT];
	/* Orders, by order.c. */
	struct order_page **pages;
	struct order **by_ref; /* buckets of orders with a client's id */
	struct order *open_first;
	struct order *open_last;
	struct order *refund_first; /* waits for a refund that is late */
	int64_t order_count;
	int64_t open_count;
	int64_t sms_count;
	int64_t first_id;
};

struct market_options {
	uint64_t seed;
	int64_t first_id;
	int64_t price_percent; /* of the standard prices */
	int64_t lifetime_s;
	int64_t sms_delay_ms;
	int64_t early_cancel_s;
	int64_t balance;
};

struct market *market_new(struct arena *mem, const struct market_options *o);

/* Sell only these; names separated by commas. False at an unknown name. */
bool market_only_countries(struct market *m, const char *names);
bool market_only_services(struct market *m, const char *names);

/* How refunds come from the start on; false when it is no script. */
bool market_first_refunds(struct market *m, const char *script);

/* NULL unless both are sold here. */
struct offer *market_offers(struct market *m, int country, int service);

/* The cheapest with stock, at most `max` (0: any); OPERATOR_ANY for none. */
int market_cheapest(struct market *m, int country, int service, int64_t max);

/* Stock over all operators. */
int64_t market_stock(struct market *m, int country, int service);

const char *market_operator_name(int op);
/* OPERATOR_ANY and true for "any"; false when unknown. */
bool market_operator(const char *name, int *out);

/* The rules and refunds of the start again, for all services. */
void market_reset_rules(struct market *m);

/* Pay in: balance and, as 5sim does, eight points of rating. */
void market_top_up(struct market *m, int64_t amount, int64_t now);

/* Change the rating by hundredths; at 0 buying stops for a day. */
void market_rate(struct market *m, int64_t by, int64_t now);

#endif
