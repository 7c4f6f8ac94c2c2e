#include "provider/transform.h"

#include <ctype.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/text.h"

/* An order that lives longer than a year is a slip of the unit. */
#define MAX_AHEAD_S (INT64_C(366) * 86400)

static const char *
trim(struct arena *mem, const char *text)
{
	return text_trim(mem, text);
}

static const char *
lower(struct arena *mem, const char *text)
{
	return text_lower(mem, text);
}

static const char *
digits(struct arena *mem, const char *text)
{
	struct buf b;

	buf_init(&b, mem);
	for (; *text != '\0'; text++)
		if (isdigit((unsigned char)*text))
			buf_char(&b, *text);
	return b.at;
}

/* Without one pair of quotes around it. */
static const char *
unquote(struct arena *mem, const char *text)
{
	size_t n = strlen(text);

	if (n < 2 || (*text != '\'' && *text != '"') || text[n - 1] != *text)
		return text;
	return arena_strndup(mem, text + 1, n - 2);
}

static const char *
strip_html(struct arena *mem, const char *text)
{
	struct buf b;

	buf_init(&b, mem);
	while (*text != '\0') {
		size_t n = strcspn(text, "<");

		buf_add(&b, text, n);
		text += n;
		n = strcspn(text, ">");
		text += text[n] == '\0' ? n : n + 1;
	}
	return b.at;
}

/* "900" to the time it will be then; "" when it is no number. */
static const char *
seconds_from_now(struct arena *mem, const char *text)
{
	char at[CLOCK_TEXT_SIZE];
	int64_t s;

	if (!text_to_i64(text, 0, MAX_AHEAD_S, &s))
		return "";
	clock_print(clock_now() + s * CLOCK_SECOND, at);
	return arena_dup(mem, at);
}

static const struct transform transforms[] = {
    {"trim", trim},
    {"lower", lower},
    {"digits", digits},
    {"unquote", unquote},
    {"strip_html", strip_html},
    {"seconds_from_now", seconds_from_now},
};

const struct transform *
transform_find(const char *name)
{
	for (size_t i = 0; i < sizeof(transforms) / sizeof(transforms[0]); i++)
		if (text_eq(transforms[i].name, name))
			return &transforms[i];
	return NULL;
}
