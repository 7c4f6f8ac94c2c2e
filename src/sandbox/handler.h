/*
 * handler - the handler_api.php protocol of sms-activate, which many
 * upstreams speak: one address, the parameter `action`, and answers that are
 * one word of plain text or a JSON list. Upstreams differ in their manner,
 * above all in how an error travels.
 */
#ifndef SANDBOX_HANDLER_H
#define SANDBOX_HANDLER_H

#include "sandbox/sandbox.h"

#define HANDLER_LIFETIME_S 1200 /* 20 minutes */

/* A refusal, in the words of both manners. */
struct denial {
	const char *token;
	const char *suffix; /* behind the token where it is plain text */
	const char *info;   /* JSON, where it is an object */
};

struct handler_manner {
	void (*deny)(struct visit *v, const struct denial *d);
	/* What getNumberV2, getStatusV2 and getActiveActivations answer. */
	void (*number)(struct visit *v, const struct order *o);
	void (*status)(struct visit *v, const struct order *o);
	void (*active)(struct visit *v);
	/* setStatus: false when it was not understood. */
	bool (*set_status)(struct visit *v, struct order *o, int64_t status);
	/* A purchase with a bad parameter. */
	void (*bad_parameter)(struct visit *v, const char *name);
	int64_t count_extra;  /* by how much `count` exceeds the real stock */
	bool ok_after_finish; /* getStatus still gives the code */
};

/* The parts that all manners share. */
void handler_recognise(struct visit *v);
void handler_serve(struct visit *v);
void handler_refuse(struct visit *v, enum refusal why);

/* Refuse with a token alone. */
void handler_deny(struct visit *v, const char *token);

/* "2022-06-01 17:30:57" in Moscow's time, which the protocol uses. */
#define HANDLER_TIME_SIZE 24
void handler_time(int64_t us, char out[HANDLER_TIME_SIZE]);

/* The numeric status of an order: 2, 3, 4, 6, 8 or 10. */
int handler_status_number(const struct order *o);

/* Tell the customer the newest code; marks it as read. */
void handler_see(struct order *o);

/* Lists, by handler_lists.c. */
void handler_prices(struct visit *v);
void handler_countries(struct visit *v);
void handler_services(struct visit *v);
void handler_operators(struct visit *v);
void handler_stock(struct visit *v);
void handler_history(struct visit *v);

/*
 * Append the listed open orders, newest first, by the parameters start and
 * limit; how many there were. `flag` is the value that says that another SMS
 * may be asked for, which differs between the manners.
 */
int64_t handler_add_active(struct visit *v, struct buf *b, const char *flag);

/* A parameter that is a whole number, or else `otherwise`. */
int64_t handler_number_param(
    const struct visit *v, const char *name, int64_t otherwise);

#endif
