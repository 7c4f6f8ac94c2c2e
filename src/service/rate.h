/* rate - how many numbers of each route bring a code, from our own history. */
#ifndef SERVICE_RATE_H
#define SERVICE_RATE_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

/* Count the numbers that ended since the last time. */
enum err rate_count(struct ctx *c, struct errands *none, bool *more) MUST_CHECK;

#endif
