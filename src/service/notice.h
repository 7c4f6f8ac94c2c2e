/*
 * notice - the worker's task "deliver": what happened to numbers is sent to
 * their users' webhooks, tried until done. The rows were written in the
 * transaction of the event itself.
 */
#ifndef SERVICE_NOTICE_H
#define SERVICE_NOTICE_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

enum err notice_plan(struct ctx *c, struct errands *out, bool *more) MUST_CHECK;
enum err notice_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

#endif
