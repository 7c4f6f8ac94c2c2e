/*
 * cleanup - the worker's tasks that forget: each takes one batch and asks to
 * be run again while there is more. Two workers may run them at once.
 */
#ifndef SERVICE_CLEANUP_H
#define SERVICE_CLEANUP_H

#include <stdbool.h>

#include "base/ctx.h"

struct errands;

/* The words of SMS, setting retention.sms after their number was closed. */
enum err cleanup_messages(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

/* Sessions that ended 30 days ago, keys of requests older than 72 hours,
 * deliveries that were over 30 days ago, what was said in purchases 90 days
 * ago. */
enum err cleanup_rest(struct ctx *c, struct errands *none, bool *more)
    MUST_CHECK;

#endif
