/* timeline - the history of a number: changes, purchases, money and SMS. */
#ifndef SERVICE_TIMELINE_H
#define SERVICE_TIMELINE_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"
#include "store/timeline_store.h"

/*
 * struct timeline_row of a number of `user`, oldest first; for user 0 of
 * anybody's, with the provider's side. ERR_NOT_FOUND.
 */
enum err timeline_list(
    struct ctx *c, const char *id, int64_t user, struct list *out) MUST_CHECK;

#endif
