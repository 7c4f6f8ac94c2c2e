/*
 * once - operations under an Idempotency-Key whose answer is kept with the
 * key for as long as keys are: the same request again is given it byte for
 * byte, and a refusal stays one. What the operation does must itself happen
 * once per key, since two of the same may run at the same time.
 */
#ifndef HANDLER_ONCE_H
#define HANDLER_ONCE_H

#include "web/route.h"

/*
 * Answer from before, or `run`. `said` is all that the request says: the same
 * key with another is ERR_IDEM_MISMATCH.
 */
enum err once_run(struct ctx *c, const struct request *rq, struct response *rs,
    const char *said, handler_fn *run) MUST_CHECK;

/*
 * For what does not happen once by itself: keep `answer` (201) first. *mine is
 * false when it was kept before; then `rs` has it.
 */
enum err once_claim(struct ctx *c, const struct request *rq,
    struct response *rs, const char *said, const char *answer, bool *mine)
    MUST_CHECK;

#endif
