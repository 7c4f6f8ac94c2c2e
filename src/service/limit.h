/*
 * limit - a limit that all machines share. It holds as well as Redis does;
 * whoever needs one that cannot fail has it in the database.
 */
#ifndef SERVICE_LIMIT_H
#define SERVICE_LIMIT_H

#include <stdint.h>

#include "base/ctx.h"

/*
 * Count one request of `subject` (the limit's name included): `count` at
 * once, then `count` per `period_us`. ERR_RATE_LIMITED when it is over the
 * limit, `retry_us` then is when the next may come; ERR_UNAVAILABLE while
 * Redis is away.
 */
enum err limit_take(struct ctx *c, const char *subject, int64_t count,
    int64_t period_us, int64_t *retry_us) MUST_CHECK;

#endif
