/* wake_store - the Redis lists of wake-ups and replies. */
#ifndef STORE_WAKE_STORE_H
#define STORE_WAKE_STORE_H

#include "base/ctx.h"

/* The next element of the wake-up list, or NULL after `wait_ms`. */
enum err wake_store_pop(struct ctx *c, int wait_ms, const char **out)
    MUST_CHECK;
enum err wake_store_push(struct ctx *c, const char *task) MUST_CHECK;
/* The list ends by itself when nobody reads it for a minute. */
enum err wake_store_reply(struct ctx *c, const char *list, const char *text)
    MUST_CHECK;

/* Who waits for news of an activation: reply lists, for a minute. */
enum err wake_store_watch(
    struct ctx *c, const char *activation, const char *list) MUST_CHECK;
/* Send the activation's id to all of them, and forget them. */
enum err wake_store_tell_watchers(struct ctx *c, const char *activation)
    MUST_CHECK;

#endif
