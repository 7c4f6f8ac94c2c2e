#include "provider/when.h"

#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"

/* 9999-12-31: what is later is a slip of the unit. */
#define MAX_SECONDS INT64_C(253402300799)

static enum err
read_zone(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *text = NULL;
	int64_t h = 0;
	int64_t m = 0;

	(void)arg;
	if (!js_text(v, &text) || strlen(text) != 6 || text[3] != ':' ||
	    (text[0] != '+' && text[0] != '-') ||
	    !text_to_i64(arena_strndup(r->c->mem, text + 1, 2), 0, 14, &h) ||
	    !text_to_i64(text + 4, 0, 59, &m))
		return reader_refuse(r, "must be a zone such as +03:00");
	*(int64_t *)at = (text[0] == '-' ? -1 : 1) * (h * 3600 + m * 60);
	return OK;
}

enum err
read_when(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct range ttl = {30, 86400 * INT64_C(366)};
	static const struct member members[] = {
	    {"note", read_note, 0, false, NULL},
	    {"formats", read_scalars, offsetof(struct when, formats), true,
		NULL},
	    {"tz", read_zone, offsetof(struct when, offset_s), false, NULL},
	    {"ttl_default_s", read_int, offsetof(struct when, ttl_s), true,
		&ttl},
	};

	(void)arg;
	return READ_OBJECT(r, v, members, at);
}

static bool
parse_unix(const char *text, int64_t per_second, int64_t *us)
{
	int64_t n;

	if (!text_to_i64(text, 0, MAX_SECONDS * per_second, &n))
		return false;
	*us = n * (CLOCK_SECOND / per_second);
	return true;
}

static bool
parse_format(
    const char *format, int64_t offset_s, const char *text, int64_t *us)
{
	struct tm tm = {0};
	const char *end = strptime(text, format, &tm);
	int64_t s;

	if (end == NULL || *end != '\0')
		return false;
	s = (int64_t)timegm(&tm) - offset_s;
	if (s < 0)
		return false;
	*us = s * CLOCK_SECOND;
	return true;
}

bool
when_parse(const struct when *w, const char *text, int64_t *us)
{
	const char *const *formats = w->formats.at;

	for (size_t i = 0; i < w->formats.n; i++) {
		bool ok;

		if (text_eq(formats[i], "rfc3339"))
			ok = clock_parse(text, us);
		else if (text_eq(formats[i], "unix"))
			ok = parse_unix(text, 1, us);
		else if (text_eq(formats[i], "unix_ms"))
			ok = parse_unix(text, 1000, us);
		else
			ok = parse_format(formats[i], w->offset_s, text, us);
		if (ok)
			return true;
	}
	return false;
}
