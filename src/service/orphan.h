/*
 * orphan - numbers at providers that belong to nobody here: found in their
 * lists (twice, before it is believed), or given back because they were of
 * the wrong country or came too late. They are cancelled upstream.
 */
#ifndef SERVICE_ORPHAN_H
#define SERVICE_ORPHAN_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

/* Task "listing": read the lists, write down what nobody knows. */
enum err orphan_list_plan(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;
enum err orphan_list_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

/* Task "orphans": cancel them. */
enum err orphan_cancel_plan(struct ctx *c, struct errands *out, bool *more)
    MUST_CHECK;
enum err orphan_cancel_settle(
    struct ctx *c, struct errands *done, struct errands *more) MUST_CHECK;

#endif
