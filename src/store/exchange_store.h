/* exchange_store - what was asked and answered in purchases. */
#ifndef STORE_EXCHANGE_STORE_H
#define STORE_EXCHANGE_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

struct exchange {
	const char *attempt;
	const char *request; /* without secrets */
	int64_t status;      /* HTTP; 0 no answer */
	const char *answer;  /* its beginning, or why there is none */
	const char *rule;
	int64_t took_us;
};

enum err exchange_store_add(struct ctx *c, const struct exchange *all, size_t n)
    MUST_CHECK;

#endif
