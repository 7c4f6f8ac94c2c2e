/*
 * provider - the upstream accounts as the operator manages them. The secret
 * goes in and is sealed; it never comes out.
 */
#ifndef SERVICE_PROVIDER_H
#define SERVICE_PROVIDER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct provider {
	const char *name;
	const char *dialect; /* its descriptor */
	bool enabled;
	int state;       /* index of provider_states */
	int64_t balance; /* micros of its currency */
	bool balance_known;
	const char *currency;
	int64_t offers; /* in stock */
	int64_t last_ok_at;
	const char *last_error;
};
extern const char *const provider_states[];

struct provider_setup {
	const char *name, *dialect;
	const char *base;     /* replaces the descriptor's address; NULL */
	const char *key;      /* the account's secret; NULL keeps the old */
	const char *currency; /* NULL: the descriptor's */
	int64_t fx_rate;      /* wallet micros for one unit; 0: one to one */
	int64_t priority;     /* 0: 100 */
	/* Calls and purchases in a second, calls at once: -1 the descriptor's,
	 * 0 no limit. */
	int64_t rps, buy_rps, concurrency;
};

/* struct provider of all, by name. */
enum err provider_list(struct ctx *c, struct list *out) MUST_CHECK;

/*
 * Add an account, switched on, or change the one of that name. The
 * descriptor must load: ERR_BAD_INPUT tells what is wrong with it.
 */
enum err provider_put(struct ctx *c, const struct provider_setup *setup)
    MUST_CHECK;

/* Switch on or off; ERR_NOT_FOUND. What is under way is finished. */
enum err provider_switch(
    struct ctx *c, const char *name, bool on, struct provider *out) MUST_CHECK;

#endif
