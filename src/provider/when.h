/* when - times as upstreams write them. */
#ifndef PROVIDER_WHEN_H
#define PROVIDER_WHEN_H

#include <stdbool.h>
#include <stdint.h>

#include "provider/reader.h"

/* "time" of a descriptor. */
struct when {
	struct list formats; /* const char *: rfc3339, unix, unix_ms or one of
				strptime(3); tried in turn */
	int64_t offset_s;    /* of times without a zone, east is positive */
	int64_t ttl_s;       /* life of an order that says no end */
};

read_fn read_when; /* struct when */

/* False, and *us untouched, when no format takes the whole text. */
bool when_parse(const struct when *w, const char *text, int64_t *us);

#endif
