/*
 * sync - the worker's tasks that keep what we know of providers fresh: price
 * lists with stock, and balances, which also tell whether an account works.
 */
#ifndef SERVICE_SYNC_H
#define SERVICE_SYNC_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

enum err sync_prices_plan(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;
enum err sync_prices_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

enum err sync_balances_plan(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;
enum err sync_balances_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

#endif
