/* upstream_settings - the settings of one provider account, JSON. */
#ifndef SERVICE_UPSTREAM_SETTINGS_H
#define SERVICE_UPSTREAM_SETTINGS_H

#include "base/ctx.h"

struct upstream_settings {
	const char *base; /* replaces the descriptor's address; NULL */
};

enum err upstream_settings_read(
    struct ctx *c, const char *json, struct upstream_settings **out) MUST_CHECK;

#endif
