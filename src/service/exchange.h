/*
 * exchange - what a purchase said and heard, kept for explaining it: the
 * request without our key, the beginning of the answer, the rule that read it.
 */
#ifndef SERVICE_EXCHANGE_H
#define SERVICE_EXCHANGE_H

#include "base/ctx.h"
#include "store/exchange_store.h"

struct errand;
struct outcome;
struct upstream;

/* Texts are in c->mem. */
struct exchange exchange_of(struct ctx *c, const struct upstream *u,
    const char *attempt, const struct errand *e, const struct outcome *o);

/* Losing some fails nothing. */
void exchange_write(struct ctx *c, const struct exchange *all, size_t n);

#endif
