/*
 * merge - "extends": a tree laid over its base. Objects are merged member by
 * member, null removes a member (RFC 7386), arrays and scalars replace, and
 * {"$prepend":[...]} puts elements before those of the base's array.
 */
#ifndef PROVIDER_MERGE_H
#define PROVIDER_MERGE_H

#include "base/ctx.h"

struct js;

/* Neither tree is changed. ERR_BAD_INPUT when $prepend has no array. */
enum err merge_apply(struct ctx *c, const struct js *base,
    const struct js *over, const struct js **out) MUST_CHECK;

#endif
