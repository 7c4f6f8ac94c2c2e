/*
 * clock - the two clocks. Wall time (us since the epoch, UTC) is for what is
 * stored or shown; monotonic time (us) is for every deadline and duration.
 * Money and leases expire by the database's clock, never by these.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CLOCK_SECOND INT64_C(1000000)
#define CLOCK_MS     INT64_C(1000)

int64_t clock_now(void);
int64_t clock_mono(void);

/* Replace both clocks (tests); a NULL gives the real one back. */
void clock_fake(int64_t (*now)(void), int64_t (*mono)(void));

#define CLOCK_TEXT_SIZE 32

/* RFC 3339 in UTC with microseconds, "2026-11-24T11:22:07.000000Z". */
void clock_print(int64_t us, char out[CLOCK_TEXT_SIZE]);

/*
 * Read an RFC 3339 time (any number of fraction digits, cut to us; offset or
 * Z; a blank or T between date and time; the offset's minutes may be left
 * out, as PostgreSQL does). Years 1970 to 9999.
 */
bool clock_parse(const char *text, int64_t *out);

#endif
