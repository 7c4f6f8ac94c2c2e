/*
 * poll - the worker's task "poll": asks providers about running numbers, in
 * one call for all where the provider can list, and writes what they say.
 */
#ifndef SERVICE_POLL_H
#define SERVICE_POLL_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

enum err poll_plan(struct ctx *c, struct errands *out, bool *more) MUST_CHECK;
enum err poll_settle(struct ctx *c, struct errands *done, struct errands *more)
    MUST_CHECK;

#endif
