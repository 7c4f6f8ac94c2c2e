/*
 * ask - the worker's task "ask": cancel, finish and resend at the
 * provider, after the commit that decided them. A cancel is repeated until
 * the provider has answered it for good; the other two are best effort.
 */
#ifndef SERVICE_ASK_H
#define SERVICE_ASK_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

enum err ask_plan(struct ctx *c, struct errands *out, bool *more) MUST_CHECK;
enum err ask_settle(struct ctx *c, struct errands *done, struct errands *more)
    MUST_CHECK;

#endif
