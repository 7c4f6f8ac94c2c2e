/*
 * number - a leased number as its user sees it, and what he may do with it.
 * "Number" is the user's word for an activation.
 */
#ifndef SERVICE_NUMBER_H
#define SERVICE_NUMBER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/activation_store.h"

struct sms {
	const char *sender, *text;
	const char *code; /* NULL none was found */
	int64_t received_at;
};

struct number {
	const char *id;
	int64_t number; /* positive, below 2^31, for the compat doors */
	const char *service, *country, *operator;
	const char *phone; /* E.164; NULL while there is none */
	int state;         /* enum activation_state */
	int64_t price;     /* held, and the most that is charged */
	int64_t charged;
	const char *code;     /* the newest one; NULL none */
	struct list messages; /* struct sms, oldest first */
	int64_t created_at;
	int64_t expires_at;          /* 0 before there is a number */
	int64_t cancel_available_at; /* 0: at once, or no longer possible */
	int64_t closed_at;
	bool awaits_more; /* a further SMS was asked for and has not come */
};

/* One number of the user c->user; ERR_NOT_FOUND when it is not his. */
enum err number_find(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;
enum err number_find_short(struct ctx *c, int64_t number, struct number *out)
    MUST_CHECK;

struct number_query {
	const char *state;  /* a name, or NULL for all */
	const char *before; /* an id, or NULL */
	int limit;
};
/* Newest first, without messages: struct number. */
enum err number_list(
    struct ctx *c, const struct number_query *q, struct list *out) MUST_CHECK;

/* What a user may ask for; the state afterwards is in *out. */
enum err number_cancel(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;
/* The same, but refused with ERR_CANCEL_EARLY while the provider would. */
enum err number_cancel_now(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;
enum err number_finish(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;
enum err number_resend(struct ctx *c, const char *id, struct number *out)
    MUST_CHECK;
/* It is of no use (`why`, a word): given back, the provider told so. */
enum err number_report(struct ctx *c, const char *id, const char *why,
    struct number *out) MUST_CHECK;

#endif
