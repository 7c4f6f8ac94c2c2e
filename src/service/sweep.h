/*
 * sweep - the worker's tasks that only look at the clock: what has run out,
 * and orders that should be queued and are not.
 */
#ifndef SERVICE_SWEEP_H
#define SERVICE_SWEEP_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

/* Reservations, windows and confirmations whose time came. */
enum err sweep_expire(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

/* Orders to lease that the queue has lost; there should never be one. */
enum err sweep_orders(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

#endif
