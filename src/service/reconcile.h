/*
 * reconcile - the worker's task "reconcile": purchases whose outcome is not
 * known are looked for in their provider's own list of orders.
 *
 * Only numbers that fit what was sent (service, country, operator, price,
 * time) and that no attempt knows are taken; which of several equal calls
 * sold one does not matter. "Not there" is believed only after the settle
 * time, and only when the whole list was read.
 */
#ifndef SERVICE_RECONCILE_H
#define SERVICE_RECONCILE_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

enum err reconcile_plan(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;
enum err reconcile_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

#endif
