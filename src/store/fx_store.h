/* fx_store - exchange rates of the providers' currencies and their history. */
#ifndef STORE_FX_STORE_H
#define STORE_FX_STORE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct fx_row {
	const char *currency; /* ISO 4217 */
	int64_t rate;         /* wallet micros for one whole unit; 0 none */
	int64_t valid_from;   /* 0 with it */
	const char *actor, *reason;
	int64_t providers; /* that have this currency */
};

/* ERR_BAD_INPUT. */
enum err fx_store_set(struct ctx *c, const struct fx_row *rate) MUST_CHECK;

/* struct fx_row: what is in force, by currency. */
enum err fx_store_list(struct ctx *c, struct list *out) MUST_CHECK;

/* struct fx_row of one currency, newest first. */
enum err fx_store_history(struct ctx *c, const char *currency, int limit,
    struct list *out) MUST_CHECK;

#endif
