/*
 * once - the answer that a request with an Idempotency-Key was given, kept
 * with its key: the user's, whatever the operation is.
 */
#ifndef SERVICE_ONCE_H
#define SERVICE_ONCE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct once {
	const char *key;
	const char *said;   /* all that the request says */
	int64_t status;     /* HTTP, of the answer; 0 there is none yet */
	const char *answer; /* of a success, its bytes */
	enum err refused;   /* else why */
};

/* What the key was answered before; ERR_IDEM_MISMATCH: another request. */
enum err once_find(struct ctx *c, struct once *o) MUST_CHECK;

/*
 * Keep the answer or the refusal, where it is for good: what may be different
 * the next time is not kept. Failing to keep it fails nothing.
 */
void once_keep(struct ctx *c, const struct once *o);

/* Keep the answer before anything is done; *mine is false and `o` is filled
 * when there was one. */
enum err once_claim_key(struct ctx *c, struct once *o, bool *mine) MUST_CHECK;

#endif
