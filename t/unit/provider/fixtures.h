/*
 * fixtures - runs providers/fixtures/<id>/<topic>.json: what a descriptor
 * sends, what comes back, what it means. Each file is a list of
 *
 *	{"name", "op", "vars", "request":{"method","url","headers","body"},
 *	 "answer":{"status","headers","body"}, "expect":{...}}
 *
 * A body that is no string is sent as compact JSON. "expect" is the whole
 * outcome as outcome_print() writes it: what is not named must not be there.
 */
#ifndef T_FIXTURES_H
#define T_FIXTURES_H

#include <stdbool.h>

#include "provider/engine.h"

/* Places of the rules that decided, over all that was run. */
struct reached {
	const char *at[512];
	unsigned n;
};

/* The folder "providers" of the source tree. */
const char *fixtures_dir(void);

/* Run every case of the descriptor; how many there were. */
unsigned fixtures_run(
    struct ctx *c, const struct descriptor *d, struct reached *reached);

bool reached_has(const struct reached *reached, const char *place);

#endif
