/*
 * canary - proof at start that the master key is the one that sealed what
 * is in the database. The first start puts the canary in.
 */
#ifndef SERVICE_CANARY_H
#define SERVICE_CANARY_H

#include "base/ctx.h"

/*
 * ERR_INTERNAL when the key is another: the program must not start, it
 * could read no secret and would seal new ones with a second key.
 */
enum err canary_check(struct ctx *c) MUST_CHECK;

#endif
