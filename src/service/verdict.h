/*
 * verdict - what was found out about purchases of unknown outcome, gathered
 * and written at once.
 */
#ifndef SERVICE_VERDICT_H
#define SERVICE_VERDICT_H

#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"
#include "store/attempt_store.h"
#include "store/reconcile_store.h"

/* What a settle has found, to be written at once. */
struct verdicts {
	struct attempt_end *found;
	struct attempt_verdict *absent, *lost, *later, *pending;
	size_t found_count, absent_count, lost_count, later_count,
	    pending_count;
};

/* Room for `n` of each kind, in c->mem. */
struct verdicts verdicts_new(struct ctx *c, size_t n);

/* Nobody can be asked now; a doubt when the time for that is over. */
void verdict_later(struct verdicts *v, const struct unknown_row *row);

/*
 * Nothing will tell more: `amount`, 0 what was admitted, was or may have been
 * paid, for the number `upstream`, "" not known.
 */
void verdict_doubt(struct verdicts *v, const struct unknown_row *row,
    int64_t amount, const char *upstream, const char *cause);

/* Nothing was sold. */
void verdict_absent(
    struct verdicts *v, const struct unknown_row *row, const char *cause);

enum err verdicts_write(struct ctx *c, const struct verdicts *v) MUST_CHECK;

#endif
