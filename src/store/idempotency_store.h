/*
 * idempotency_store - keys of requests that must happen once. Reserving
 * binds a key to its activation; here is the rest of its life.
 */
#ifndef STORE_IDEMPOTENCY_STORE_H
#define STORE_IDEMPOTENCY_STORE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

struct idempotency_row {
	const char *key;
	const char *fingerprint;
	const char *activation_id; /* NULL: refused before there was one */
	int64_t status;            /* HTTP, 0 while it is not definitive */
	const char *response;      /* NULL with it */
};

struct idempotency_answer {
	int64_t user;
	const char *key;
	const char *fingerprint;
	const char *activation_id; /* NULL none */
	int64_t status;
	const char *response;
};

enum err idempotency_store_find(struct ctx *c, int64_t user, const char *key,
    struct idempotency_row *out, bool *found) MUST_CHECK;

/*
 * Store the definitive answer; a first one stays and that is no error, but
 * then *stored is false. ERR_IDEM_MISMATCH when the key belongs to another
 * request.
 */
enum err idempotency_store_finish(
    struct ctx *c, const struct idempotency_answer *a, bool *stored) MUST_CHECK;

#endif
