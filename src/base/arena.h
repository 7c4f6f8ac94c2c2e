/*
 * arena - memory that lives exactly as long as one request or one job.
 *
 * Allocation never fails: it returns zeroed memory or ends the process.
 * Nothing taken from an arena is freed by hand. Foreign handles (PGresult,
 * json_object, CURL) are tied to the arena with arena_defer() by the io/
 * module that obtained them, and released in reverse order.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena;

/* Create an arena; `limit` is the total it may ever hold, in bytes. */
struct arena *arena_new(const char *name, size_t limit);

/* Run the deferred releases, drop all memory, keep the arena for reuse. */
void arena_reset(struct arena *a);

/* Reset and free; sets *a to NULL, and accepts NULL. */
void arena_free(struct arena **a);

/* `count` zeroed objects of `size` bytes; the product is overflow-checked. */
void *arena_alloc(struct arena *a, size_t count, size_t size)
    __attribute__((returns_nonnull, alloc_size(2, 3), warn_unused_result));

#define arena_one(a, type)     ((type *)arena_alloc((a), 1, sizeof(type)))
#define arena_many(a, type, n) ((type *)arena_alloc((a), (n), sizeof(type)))

/* A copy of `n` bytes with a NUL behind them. */
char *arena_strndup(struct arena *a, const char *s, size_t n)
    __attribute__((returns_nonnull, warn_unused_result));
/* A copy of the whole text; NULL stays NULL. */
char *arena_dup(struct arena *a, const char *s)
    __attribute__((warn_unused_result));

char *arena_fmt(struct arena *a, const char *fmt, ...)
    __attribute__((format(printf, 2, 3), returns_nonnull, warn_unused_result));

/* Call fn(arg) when the arena is reset or freed. */
void arena_defer(struct arena *a, void (*fn)(void *), void *arg);

#endif
