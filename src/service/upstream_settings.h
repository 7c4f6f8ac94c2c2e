/* upstream_settings - the settings of one provider account, JSON. */
#ifndef SERVICE_UPSTREAM_SETTINGS_H
#define SERVICE_UPSTREAM_SETTINGS_H

#include "base/ctx.h"

struct upstream_settings {
	const char *base; /* replaces the descriptor's address; NULL */
};

enum err upstream_settings_read(
    struct ctx *c, const char *json, struct upstream_settings **out) MUST_CHECK;

/* The settings as JSON; ERR_BAD_INPUT when `base` is not an address. */
enum err upstream_settings_print(
    struct ctx *c, const char *base, const char **out) MUST_CHECK;

#endif
