#include "conf/setting.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "base/money.h"
#include "base/text.h"
#include "conf/conf.h"

#define MS(n)       ((n)*INT64_C(1000))
#define SECONDS(n)  MS((n)*INT64_C(1000))
#define MINUTES(n)  SECONDS((n)*INT64_C(60))
#define HOURS(n)    MINUTES((n)*INT64_C(60))
#define DAYS(n)     HOURS((n)*INT64_C(24))
#define KIB(n)      ((n)*INT64_C(1024))
#define MIB(n)      KIB((n)*INT64_C(1024))

#define PERCENT_ONE INT64_C(100)

static const char *const log_levels[] = {
    "debug", "info", "warn", "error", NULL};

static const char *
check_path(const char *text)
{
	/* 107 bytes is what fits in sockaddr_un. */
	return text[0] == '/' && strlen(text) <= 107 ?
	    NULL :
	    "must be an absolute path of at most 107 bytes";
}

static const char *
check_sink(const char *text)
{
	return text_eq(text, "stderr") || text_eq(text, "syslog") ||
		text[0] == '/' ?
	    NULL :
	    "must be stderr, syslog or an absolute path";
}

static const char *
check_currency(const char *text)
{
	return strlen(text) == 3 &&
		strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3 ?
	    NULL :
	    "must be three capital letters";
}

static const char *
check_origin(const char *text)
{
	static const char *const rule =
	    "must be https://host or https://host:port, without a path";
	static const char *const scheme = "https://";
	const char *host = text + strlen(scheme);
	size_t n;
	int64_t port;

	if (!text_starts(text, scheme))
		return rule;
	n = strspn(host, "abcdefghijklmnopqrstuvwxyz0123456789.-[]:");
	if (n == 0 || host[n] != '\0' || host[0] == ':')
		return rule;
	host += host[0] == '[' ? strcspn(host, "]") : strcspn(host, ":");
	host += host[0] == ']';
	if (host[0] == '\0')
		return NULL;
	return host[0] == ':' && text_to_i64(host + 1, 1, 65535, &port) ? NULL :
									  rule;
}

static const struct setting rows[] = {
#define SETTING(section, key, type_, initial_, when_, text_, ...) \
	{.name = #section "." #key,                               \
	    .env = #section "_" #key,                             \
	    .initial = initial_,                                  \
	    .text = text_,                                        \
	    .offset = offsetof(struct conf, section##_##key),     \
	    .type = SETTING_##type_,                              \
	    .when = SETTING_##when_,                              \
	    __VA_ARGS__},
#include "conf/settings.def"
#undef SETTING
};

#define COUNT (sizeof(rows) / sizeof(rows[0]))

const struct setting *
setting_at(size_t i)
{
	return i < COUNT ? &rows[i] : NULL;
}

size_t
setting_count(void)
{
	return COUNT;
}

const struct setting *
setting_find(const char *name)
{
	for (size_t i = 0; i < COUNT; i++)
		if (text_eq(rows[i].name, name))
			return &rows[i];
	return NULL;
}

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Levenshtein distance of names shorter than 64 bytes. */
static size_t
distance(const char *a, const char *b)
{
	size_t row[64];
	size_t n = strlen(b);

	if (strlen(a) >= 64 || n >= 64)
		return 64;
	for (size_t j = 0; j <= n; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1] != '\0'; i++) {
		size_t corner = row[0];

		row[0] = i;
		for (size_t j = 1; j <= n; j++) {
			size_t change = corner + (a[i - 1] != b[j - 1]);

			corner = row[j];
			row[j] = least(change, least(row[j], row[j - 1]) + 1);
		}
	}
	return row[n];
}

/* What follows the section, or all of a name without one. */
static const char *
key_of(const char *name)
{
	const char *dot = strchr(name, '.');

	return dot == NULL ? name : dot + 1;
}

const char *
setting_near(const char *name)
{
	const char *best = NULL;
	size_t nearest = 4; /* more changed letters are no misspelling */

	for (size_t i = 0; i < COUNT; i++) {
		size_t d = distance(name, rows[i].name);

		/* The right key in a wrong or missing section counts too. */
		if (d >= 4 && text_eq(key_of(rows[i].name), key_of(name)))
			d = 3;
		if (d < nearest) {
			nearest = d;
			best = rows[i].name;
		}
	}
	return best;
}

struct unit {
	const char *suffix;
	int64_t factor;
};

/* From large to small: printing takes the first that divides. */
static const struct unit time_units[] = {{"d", DAYS(1)}, {"h", HOURS(1)},
    {"m", MINUTES(1)}, {"s", SECONDS(1)}, {"ms", MS(1)}, {"us", 1}, {0}};
static const struct unit size_units[] = {
    {"G", MIB(1024)}, {"M", MIB(1)}, {"k", KIB(1)}, {"", 1}, {0}};

/* A whole number and a unit of the table; units differ in no case. */
static bool
parse_units(const char *text, const struct unit *units, int64_t *out)
{
	size_t digits = strspn(text, "0123456789");
	int64_t v = 0;

	if (digits == 0)
		return false;
	for (size_t i = 0; i < digits; i++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, text[i] - '0', &v))
			return false;
	for (; units->suffix != NULL; units++)
		if (text_eq_ci(text + digits, units->suffix))
			return !__builtin_mul_overflow(v, units->factor, out);
	*out = 0; /* "0" needs no unit */
	return v == 0 && text[digits] == '\0';
}

static const char *
print_units(struct arena *mem, int64_t v, const struct unit *units)
{
	while (v % units->factor != 0 ||
	    (v == 0 && (units + 1)->suffix != NULL && units->factor > 1))
		units++;
	return arena_fmt(
	    mem, "%" PRId64 "%s", v / units->factor, units->suffix);
}

static bool
parse_percent(struct arena *mem, const char *text, int64_t *out)
{
	size_t n = strlen(text);
	int64_t micros;

	n -= n > 0 && text[n - 1] == '%';
	if (!money_parse(arena_strndup(mem, text, n), &micros))
		return false;
	*out = micros / (MONEY_ONE / PERCENT_ONE);
	return micros % (MONEY_ONE / PERCENT_ONE) == 0;
}

static bool
parse_bool(const char *text, int64_t *out)
{
	static const char *const words[] = {
	    "off", "on", "no", "yes", "false", "true", NULL};

	for (*out = 0; words[*out] != NULL; (*out)++)
		if (text_eq_ci(words[*out], text)) {
			*out %= 2;
			return true;
		}
	return false;
}

static bool
parse_word(const char *text, const char *const *words, int64_t *out)
{
	for (*out = 0; words[*out] != NULL; (*out)++)
		if (text_eq(words[*out], text))
			return true;
	return false;
}

static bool
parse_number(
    struct arena *mem, const struct setting *s, const char *text, int64_t *out)
{
	switch (s->type) {
	case SETTING_INT:
		return text_to_i64(text, INT64_MIN, INT64_MAX, out);
	case SETTING_BOOL:
		return parse_bool(text, out);
	case SETTING_ENUM:
		return parse_word(text, s->words, out);
	case SETTING_TIME:
		return parse_units(text, time_units, out);
	case SETTING_SIZE:
		return parse_units(text, size_units, out);
	case SETTING_PERCENT:
		return parse_percent(mem, text, out);
	case SETTING_MONEY:
		return money_parse(text, out);
	case SETTING_TEXT:
		break;
	}
	return false;
}

static bool
has_bounds(enum setting_type t)
{
	return t != SETTING_BOOL && t != SETTING_ENUM && t != SETTING_TEXT;
}

/* The member as a number, whatever its width; not for TEXT. */
static void
member_set(const struct setting *s, struct conf *conf, int64_t v)
{
	void *at = (char *)conf + s->offset;

	if (s->type == SETTING_BOOL)
		*(bool *)at = v != 0;
	else if (s->type == SETTING_TIME || s->type == SETTING_MONEY)
		*(int64_t *)at = v;
	else if (s->type == SETTING_SIZE)
		*(size_t *)at = (size_t)v;
	else
		*(int *)at = (int)v;
}

static int64_t
member_get(const struct setting *s, const struct conf *conf)
{
	const void *at = (const char *)conf + s->offset;

	if (s->type == SETTING_BOOL)
		return *(const bool *)at;
	if (s->type == SETTING_TIME || s->type == SETTING_MONEY)
		return *(const int64_t *)at;
	if (s->type == SETTING_SIZE)
		return (int64_t) * (const size_t *)at;
	return *(const int *)at;
}

const char *
setting_set(struct arena *mem, const struct setting *s, struct conf *conf,
    const char *text)
{
	int64_t v = 0;

	if (!text_is_utf8(text, strlen(text)))
		return "must be UTF-8";
	if (s->type == SETTING_TEXT) {
		const char *rule = s->check == NULL ? NULL : s->check(text);

		if (rule == NULL)
			*(const char **)(void *)((char *)conf + s->offset) =
			    arena_dup(mem, text);
		return rule;
	}
	if (!parse_number(mem, s, text, &v) ||
	    (has_bounds(s->type) && (v < s->lo || v > s->hi)))
		return arena_fmt(mem, "must be %s", setting_domain(mem, s));
	member_set(s, conf, v);
	return NULL;
}

static const char *
print_number(struct arena *mem, const struct setting *s, int64_t v)
{
	char money[MONEY_TEXT_SIZE];

	switch (s->type) {
	case SETTING_INT:
		return arena_fmt(mem, "%" PRId64, v);
	case SETTING_BOOL:
		return v != 0 ? "on" : "off";
	case SETTING_ENUM:
		return s->words[v];
	case SETTING_TIME:
		return print_units(mem, v, time_units);
	case SETTING_SIZE:
		return print_units(mem, v, size_units);
	case SETTING_PERCENT:
		money_print_short(v * (MONEY_ONE / PERCENT_ONE), 0, money);
		return arena_fmt(mem, "%s%%", money);
	case SETTING_MONEY:
		money_print_short(v, 2, money);
		return arena_dup(mem, money);
	case SETTING_TEXT:
		break;
	}
	return "";
}

const char *
setting_print(
    struct arena *mem, const struct setting *s, const struct conf *conf)
{
	if (s->type == SETTING_TEXT)
		return *(const char *const *)(const void *)((const char *)conf +
		    s->offset);
	return print_number(mem, s, member_get(s, conf));
}

static const char *
list_words(struct arena *mem, const char *const *words)
{
	const char *all = words[0];

	for (size_t i = 1; words[i] != NULL; i++)
		all = arena_fmt(mem, "%s%s%s", all,
		    words[i + 1] == NULL ? " or " : ", ", words[i]);
	return all;
}

const char *
setting_domain(struct arena *mem, const struct setting *s)
{
	static const char *const kind[] = {
	    [SETTING_TEXT] = "text",
	    [SETTING_INT] = "a whole number",
	    [SETTING_BOOL] = "on or off",
	    [SETTING_TIME] = "a duration",
	    [SETTING_SIZE] = "a size",
	    [SETTING_PERCENT] = "a percentage",
	    [SETTING_MONEY] = "an amount",
	};

	if (s->type == SETTING_ENUM)
		return list_words(mem, s->words);
	if (!has_bounds(s->type))
		return kind[s->type];
	return arena_fmt(mem, "%s from %s to %s", kind[s->type],
	    print_number(mem, s, s->lo), print_number(mem, s, s->hi));
}
