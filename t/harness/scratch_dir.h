/* scratch_dir - a private folder that vanishes with its contents. */
#ifndef T_SCRATCH_DIR_H
#define T_SCRATCH_DIR_H

#include <stddef.h>

#define SCRATCH_DIR_SIZE 64

/* Make a folder only we can enter, under /tmp. */
void scratch_dir_open(char path[SCRATCH_DIR_SIZE]);

/* Remove it and all in it. */
void scratch_dir_close(const char *path);

/* Write `text` to dir/name with mode 0600; the full path in static memory. */
const char *scratch_dir_write(
    const char *dir, const char *name, const char *text);

#endif
