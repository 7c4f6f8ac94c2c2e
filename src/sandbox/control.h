/*
 * control - the hand of the test: /control/ on the same port, JSON, only
 * with the header X-Control. What it offers stands in numlease-sandbox(8).
 */
#ifndef SANDBOX_CONTROL_H
#define SANDBOX_CONTROL_H

#include "base/err.h"

struct js;
struct visit;

/* Fill v->answer. */
void control_serve(struct visit *v);

/*
 * Apply the members of a parsed /control/set, all or none. NULL when they
 * were applied, else what is wrong with them.
 */
const char *control_set(struct visit *v, const struct js *body);

#endif
