/*
 * purchase - the worker's task "lease": reserved activations become numbers.
 *
 * The law: an attempt is committed before its call. A definite refusal goes
 * to the next provider; what may have been sold is UNKNOWN, and neither
 * repeated nor asked elsewhere, until reconcile has decided.
 */
#ifndef SERVICE_PURCHASE_H
#define SERVICE_PURCHASE_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

enum err purchase_plan(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;
enum err purchase_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

#endif
