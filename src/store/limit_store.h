/* limit_store - how often something may happen, counted in Redis. */
#ifndef STORE_LIMIT_STORE_H
#define STORE_LIMIT_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

/*
 * Count one of `subject`: `count` at once, then `count` per `period_us`, by
 * Redis's clock. `retry_us` is when the next one may come, 0 when this one
 * was allowed.
 */
enum err limit_store_take(struct ctx *c, const char *subject, int64_t count,
    int64_t period_us, int64_t *retry_us) MUST_CHECK;

#endif
