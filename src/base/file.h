/* file - a small file as text in an arena. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ctx.h"

/*
 * All of `path` into c->mem, NUL-terminated; `len` (may be NULL) counts its
 * bytes. ERR_NOT_FOUND when there is none, ERR_TOO_LARGE above `max` bytes,
 * ERR_INTERNAL when it cannot be read; c->err_why says which and why.
 */
enum err file_read(struct ctx *c, const char *path, size_t max,
    const char **text, size_t *len) MUST_CHECK;

/* True when others than owner and group may read or write `path`. */
bool file_is_open_to_all(const char *path);

#endif
