/* ledger - the proof that all money adds up. */
#ifndef SERVICE_LEDGER_H
#define SERVICE_LEDGER_H

#include "base/ctx.h"
#include "io/schema.h"

/* One difference; texts are "" where there is nothing to say. */
struct ledger_fault {
	const char *invariant;
	const char *subject;
	const char *expected;
	const char *found;
};

/* struct ledger_fault; none when all is right. Reads every transfer. */
enum err ledger_verify(struct ctx *c, struct list *out) MUST_CHECK;

#endif
