/* upstream_settings - the settings of one provider account, JSON. */
#ifndef SERVICE_UPSTREAM_SETTINGS_H
#define SERVICE_UPSTREAM_SETTINGS_H

#include <stdint.h>

#include "base/ctx.h"
#include "service/errand.h"

struct limits_spec;

#define UPSTREAM_LIMIT_MAX 10000 /* calls in a second, or at once */

struct upstream_settings {
	const char *base; /* replaces the descriptor's address; NULL */
	/* Replace the descriptor's limits; 0 is no limit, -1 the descriptor's.
	 */
	int64_t rps, buy_rps, concurrency;
};

enum err upstream_settings_read(
    struct ctx *c, const char *json, struct upstream_settings **out) MUST_CHECK;

/* The settings as JSON; ERR_BAD_INPUT when `base` is not an address. */
enum err upstream_settings_print(struct ctx *c,
    const struct upstream_settings *settings, const char **out) MUST_CHECK;

/* The limits in force beside those of the account's descriptor. */
struct errand_limits upstream_settings_limits(
    const struct upstream_settings *own, const struct limits_spec *d);

#endif
