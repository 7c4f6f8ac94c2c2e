/*
 * upstream_health - how provider accounts have behaved lately in this
 * process, and how long new purchases stay away from them.
 */
#ifndef SERVICE_UPSTREAM_HEALTH_H
#define SERVICE_UPSTREAM_HEALTH_H

#include <stdint.h>

#include "base/ctx.h"
#include "provider/outcome.h"

struct arena;
struct upstream;
struct upstream_health;

struct upstream_health *upstream_health_new(struct arena *mem);

/* Monotonic us; in the past or 0 when the account may be used. */
int64_t upstream_health_until(struct upstream_health *h, int64_t id);

void upstream_health_note(struct ctx *c, struct upstream_health *h,
    const struct upstream *u, enum upstream_op op, const struct outcome *o);

#endif
