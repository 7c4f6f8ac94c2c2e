/*
 * cleanup_store - forgetting what has served its time. Each call takes at
 * most `batch` rows older than `keep_ms` and says how many there were.
 */
#ifndef STORE_CLEANUP_STORE_H
#define STORE_CLEANUP_STORE_H

#include <stdint.h>

#include "base/ctx.h"

/* Sessions, counted from their end. */
enum err cleanup_store_sessions(
    struct ctx *c, int64_t keep_ms, int batch, int64_t *n) MUST_CHECK;
/* Keys of requests, counted from their use. */
enum err cleanup_store_idempotency(
    struct ctx *c, int64_t keep_ms, int batch, int64_t *n) MUST_CHECK;
/* Sender, text and code of SMS, counted from the end of their number. */
enum err cleanup_store_messages(
    struct ctx *c, int64_t keep_ms, int batch, int64_t *n) MUST_CHECK;
/* Deliveries that are over, with their tries. */
enum err cleanup_store_deliveries(
    struct ctx *c, int64_t keep_ms, int batch, int64_t *n) MUST_CHECK;
/* What was said in purchases. */
enum err cleanup_store_exchanges(
    struct ctx *c, int64_t keep_ms, int batch, int64_t *n) MUST_CHECK;

#endif
