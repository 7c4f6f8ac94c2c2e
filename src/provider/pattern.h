/*
 * pattern - a POSIX extended regular expression, compiled once. Texts above
 * 64 KiB do not match: no pattern of ours is meant for a whole price list.
 */
#ifndef PROVIDER_PATTERN_H
#define PROVIDER_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

#include "provider/reader.h"

struct pattern; /* compiled; freed with the arena it was read into */

read_fn read_pattern;    /* const struct pattern * */
read_fn read_pattern_ci; /* the same, upper and lower case alike */

bool pattern_matches(const struct pattern *p, const char *text);

/* Groups the pattern has besides 0, the whole. */
size_t pattern_groups(const struct pattern *p);

/* What the group matched, in `mem`; NULL when nothing did. */
const char *pattern_group(
    struct arena *mem, const struct pattern *p, const char *text, size_t group);

#endif
