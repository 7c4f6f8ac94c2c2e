/* endpoint - where a user wants to be told: webhook addresses. */
#ifndef SERVICE_ENDPOINT_H
#define SERVICE_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

struct endpoint {
	const char *id;
	const char *url;
	bool enabled;
	int64_t created_at;
	const char *secret; /* only when it was just made; NULL */
};

/* struct endpoint of c->user, oldest first. */
enum err endpoint_list(struct ctx *c, struct list *out) MUST_CHECK;

/*
 * Add one. The address must be https (http only where webhook.allow_private
 * is on); whether it is public is checked when it is connected to.
 * ERR_TOO_MANY when the user has as many as allowed.
 */
enum err endpoint_add(struct ctx *c, const char *url, struct endpoint *out)
    MUST_CHECK;

enum err endpoint_remove(struct ctx *c, const char *id) MUST_CHECK;

#endif
