/* health_store - do the servers answer? */
#ifndef STORE_HEALTH_STORE_H
#define STORE_HEALTH_STORE_H

#include "base/ctx.h"

enum err health_store_postgres(struct ctx *c) MUST_CHECK;
enum err health_store_redis(struct ctx *c) MUST_CHECK;

#endif
