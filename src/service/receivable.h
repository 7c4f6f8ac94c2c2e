/* receivable - what providers owe us; see store/receivable_store.h. */
#ifndef SERVICE_RECEIVABLE_H
#define SERVICE_RECEIVABLE_H

#include "base/ctx.h"
#include "io/schema.h"
#include "store/receivable_store.h"

/* struct receivable_age: the sums by provider and age. */
enum err receivable_ages(struct ctx *c, struct list *out) MUST_CHECK;

/* struct receivable_row, oldest first; provider NULL: of all. */
enum err receivable_list(struct ctx *c, const char *provider, int limit,
    struct list *out) MUST_CHECK;

/* An amount came back; *open is what is still owed for the number. */
enum err receivable_refund(struct ctx *c, const struct receivable_evidence *in,
    int64_t *open) MUST_CHECK;

/* Nothing more will come; *lost is what that costs us. */
enum err receivable_write_off(struct ctx *c,
    const struct receivable_evidence *in, int64_t *lost) MUST_CHECK;

/* Purchases of which nobody could say whether they were sold, those that are
 * open: struct doubt_row. */
enum err doubt_list(struct ctx *c, int limit, struct list *out) MUST_CHECK;
/* `back` came back or was never taken; *lost: the rest. */
enum err doubt_close(struct ctx *c, const struct doubt_end *in, int64_t *lost)
    MUST_CHECK;

#endif
