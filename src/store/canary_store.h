/* canary_store - the row that tells whether the master key is the right one. */
#ifndef STORE_CANARY_STORE_H
#define STORE_CANARY_STORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

/* The sealed bytes, in c->mem. */
enum err canary_store_find(struct ctx *c, const unsigned char **sealed,
    size_t *n, bool *found) MUST_CHECK;

/* Keep these, unless there are some already. */
enum err canary_store_add(struct ctx *c, const unsigned char *sealed, size_t n)
    MUST_CHECK;

#endif
