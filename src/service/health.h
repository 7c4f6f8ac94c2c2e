/* health - can this process do its work? */
#ifndef SERVICE_HEALTH_H
#define SERVICE_HEALTH_H

#include "base/ctx.h"

struct health {
	const char *status;   /* "ok", or "degraded" without Redis */
	const char *postgres; /* "ok" */
	const char *redis;    /* "ok" or "down" */
};

/*
 * ERR_UNAVAILABLE without PostgreSQL, which is the truth. Without Redis
 * everything goes on more slowly, so that traffic may come.
 */
enum err health_ready(struct ctx *c, struct health *out) MUST_CHECK;

#endif
