#include "provider/code.h"

#include <ctype.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

/* Ten SMS parts; what comes behind is not read. */
#define MAX_TEXT 1600
#define MIN_CODE 4
#define MAX_CODE 8
#define MAX_WORD 10 /* codes with letters */

/* Points. A lone number of the right length is just enough. */
#define ENOUGH         15
#define POINTS_NUMBER  20
#define POINTS_DASHED  22
#define POINTS_SPACED  16
#define POINTS_PREFIX  26
#define POINTS_DIRECT  20
#define REACH_BEFORE   40 /* bytes from a key word to the code */
#define REACH_AFTER    60
#define COST_YEAR      15
#define COST_UNIT      40
#define COST_REFERENCE 35

struct word {
	const char *text;
	bool whole; /* not as a part of a longer word */
};

/* Words for "code" in the languages of the messages; lower case. */
static const struct word keys[] = {
    {"code", false},
    {"kode", false},
    {"codigo", false},
    {"código", false},
    {"codice", false},
    {"kod", true},
    {"kód", true},
    {"otp", true},
    {"pin", true},
    {"tan", true},
    {"password", false},
    {"verif", false},
    {"confirm", false},
    {"senha", true},
    {"contraseña", true},
    {"код", false},
    {"Код", false},
    {"КОД", false},
    {"парол", false},
    {"Парол", false},
    {"رمز", false},
    {"كود", false},
    {"کد", false},
    {"קוד", false},
    {"mã", true},
    {"รหัส", false},
    {"验证码", false},
    {"驗證碼", false},
    {"校验码", false},
    {"认证", false},
    {"認証", false},
    {"コード", false},
    {"인증", false},
    {"코드", false},
    {"कोड", false},
};

/* Words before a number that say it is something else. */
static const struct word references[] = {
    {"call ", true},
    {"tel", true},
    {"phone", false},
    {"order ", true},
    {"ref", true},
    {"reference", true},
    {"account", true},
    {"card", true},
    {"ending", true},
    {"ends with", true},
    {"invoice", true},
    {"ticket", true},
};

/* What stands directly behind an amount or a duration. */
static const char *const units[] = {"min", "sec", "hour", "hr", "day", "%",
    "мин", "сек", "час", "usd", "eur", "rub", "gb", "mb"};

#define COUNT(table) (sizeof(table) / sizeof((table)[0]))

struct scan {
	const char *text;  /* digits and dashes normalised */
	const char *lower; /* the same length, ASCII in lower case */
	struct arena *mem;
	const char *best;
	int points;
};

static bool
is_digit(char ch)
{
	return ch >= '0' && ch <= '9';
}

static bool
is_word(char ch)
{
	return isalnum((unsigned char)ch) != 0;
}

/* Decimal digits of other scripts by their first code point. */
static bool
foreign_digit(unsigned long point, char *out)
{
	static const unsigned long zeros[] = {
	    0x0660, 0x06f0, 0x0966, 0x09e6, 0x0e50, 0xff10};

	for (size_t i = 0; i < COUNT(zeros); i++)
		if (point >= zeros[i] && point < zeros[i] + 10) {
			*out = (char)('0' + (char)(point - zeros[i]));
			return true;
		}
	return false;
}

/* The code point of two or three bytes at p; 0 for anything else. */
static unsigned long
decode(const unsigned char *p, size_t *bytes)
{
	*bytes = 1;
	if ((p[0] & 0xe0) == 0xc0 && (p[1] & 0xc0) == 0x80) {
		*bytes = 2;
		return (unsigned long)((p[0] & 0x1f) << 6 | (p[1] & 0x3f));
	}
	if ((p[0] & 0xf0) == 0xe0 && (p[1] & 0xc0) == 0x80 &&
	    (p[2] & 0xc0) == 0x80) {
		*bytes = 3;
		return (unsigned long)((p[0] & 0x0f) << 12 |
		    (p[1] & 0x3f) << 6 | (p[2] & 0x3f));
	}
	return 0;
}

/* Invisible marks of direction that some senders put around the code. */
static bool
is_mark(unsigned long point)
{
	return (point >= 0x200b && point <= 0x200f) ||
	    (point >= 0x202a && point <= 0x202e) ||
	    (point >= 0x2066 && point <= 0x2069) || point == 0xfeff;
}

static const char *
normalise(struct arena *mem, const char *text)
{
	const unsigned char *p = (const unsigned char *)text;
	struct buf b;

	buf_init(&b, mem);
	while (*p != '\0' && b.len < MAX_TEXT) {
		size_t n;
		unsigned long point = decode(p, &n);
		char digit;

		if (foreign_digit(point, &digit))
			buf_char(&b, digit);
		else if (point >= 0x2010 && point <= 0x2015)
			buf_char(&b, '-');
		else if (point == 0xa0 || point == 0x2009 || point == 0x202f)
			buf_char(&b, ' ');
		else if (!is_mark(point))
			buf_add(&b, p, n);
		p += n;
	}
	return b.at;
}

static const char *
lower_copy(struct arena *mem, const char *text)
{
	char *copy = arena_strndup(mem, text, strlen(text));

	for (char *p = copy; *p != '\0'; p++)
		if (*p >= 'A' && *p <= 'Z')
			*p = (char)(*p - 'A' + 'a');
	return copy;
}

/* The word stands at offset `at` of the lower-case text. */
static bool
stands_at(const struct scan *s, const struct word *w, size_t at)
{
	size_t n = strlen(w->text);

	if (strncmp(s->lower + at, w->text, n) != 0)
		return false;
	if (!w->whole)
		return true;
	return (at == 0 || !is_word(s->lower[at - 1])) &&
	    !is_word(s->lower[at + n]);
}

/* Bytes between the nearest of `words` before `at` and it; -1 for none. */
static int
distance_before(
    const struct scan *s, const struct word *words, size_t n, size_t at)
{
	size_t reach = at < REACH_BEFORE ? at : REACH_BEFORE;

	for (size_t back = 1; back <= reach; back++)
		for (size_t i = 0; i < n; i++) {
			size_t len = strlen(words[i].text);

			if (len <= back && stands_at(s, &words[i], at - back))
				return (int)(back - len);
		}
	return -1;
}

static int
distance_after(const struct scan *s, size_t end)
{
	for (size_t on = 0; on < REACH_AFTER && s->lower[end + on] != '\0';
	     on++)
		for (size_t i = 0; i < COUNT(keys); i++)
			if (stands_at(s, &keys[i], end + on))
				return (int)on;
	return -1;
}

/* Nothing but punctuation and a verb between the key word and the code. */
static bool
is_direct(const struct scan *s, size_t at, int distance)
{
	static const char *const fillers[] = {
	    "is", "es", "ist", "est", "number", "e", "es:", "is:"};
	size_t from = at - (size_t)distance;
	size_t to = at;

	while (from < to && strchr(" :=-\"'([<\n\r", s->lower[from]) != NULL)
		from++;
	while (from < to && strchr(" :=-\"'([<\n\r", s->lower[to - 1]) != NULL)
		to--;
	if (from == to)
		return true;
	for (size_t i = 0; i < COUNT(fillers); i++)
		if (strlen(fillers[i]) == to - from &&
		    strncmp(fillers[i], s->lower + from, to - from) == 0)
			return true;
	return false;
}

static bool
has_unit_after(const struct scan *s, size_t end)
{
	if (s->lower[end] == ' ')
		end++;
	for (size_t i = 0; i < COUNT(units); i++)
		if (strncmp(s->lower + end, units[i], strlen(units[i])) == 0)
			return true;
	return false;
}

static bool
is_money(const struct scan *s, size_t at)
{
	size_t back = at > 0 && s->text[at - 1] == ' ' ? at - 1 : at;

	if (back == 0)
		return false;
	return s->text[back - 1] == '$' ||
	    (back >= 2 && memcmp(s->text + back - 2, "£", 2) == 0) ||
	    (back >= 3 && memcmp(s->text + back - 3, "€", 3) == 0) ||
	    (back >= 3 && memcmp(s->text + back - 3, "₽", 3) == 0);
}

static bool
is_year(const char *p, size_t len)
{
	return len == 4 && (memcmp(p, "19", 2) == 0 || memcmp(p, "20", 2) == 0);
}

/* Points for what stands around text[at..end). */
static int
surroundings(const struct scan *s, size_t at, size_t end, bool *direct)
{
	int before = distance_before(s, keys, COUNT(keys), at);
	int after = distance_after(s, end);
	int points = 0;

	*direct = before >= 0 && is_direct(s, at, before);
	if (before >= 0)
		points += REACH_BEFORE - before;
	if (after >= 0)
		points += (REACH_AFTER - after) / 3;
	if (*direct)
		return points + POINTS_DIRECT;
	if (distance_before(s, references, COUNT(references), at) >= 0)
		points -= COST_REFERENCE;
	if (is_year(s->text + at, end - at))
		points -= COST_YEAR;
	if (has_unit_after(s, end) || is_money(s, at))
		points -= COST_UNIT;
	return points;
}

static void
offer(struct scan *s, const char *code, int points)
{
	if (points < ENOUGH || points <= s->points)
		return;
	s->points = points;
	s->best = code;
}

/* The number is a part of a date, a time, a decimal, a path or a mask. */
static bool
is_fragment(const struct scan *s, size_t at, size_t end)
{
	char before = ' ';
	char after = s->text[end];

	if (at > 0)
		before = s->text[at - 1];
	if (strchr("+/*@_", before) != NULL && before != '\0')
		return true;
	if (strchr(".,:", before) != NULL && at > 1 &&
	    is_digit(s->text[at - 2]))
		return true;
	if (after != '\0' && strchr("@_/", after) != NULL)
		return true;
	return after != '\0' && strchr(".,:", after) != NULL &&
	    is_digit(s->text[end + 1]);
}

static size_t
digits_at(const char *p)
{
	return strspn(p, "0123456789");
}

/* "806-185", "806 185", "1234-5678": two equal groups and no third. */
static size_t
try_groups(struct scan *s, size_t at)
{
	const char *p = s->text + at;
	size_t n = digits_at(p);
	char gap = p[n];
	size_t len = 2 * n + 1;
	bool direct;
	int points;

	if ((gap != '-' && gap != ' ') || digits_at(p + n + 1) != n ||
	    (n != 3 && !(n == 4 && gap == '-')) || is_word(p[len]) ||
	    (p[len] == gap && is_digit(p[len + 1])) ||
	    is_fragment(s, at, at + len) || (at > 0 && s->text[at - 1] == '-'))
		return 0;
	points = gap == '-' ? POINTS_DASHED : POINTS_SPACED;
	points += surroundings(s, at, at + len, &direct);
	offer(s, arena_fmt(s->mem, "%.*s%.*s", (int)n, p, (int)n, p + n + 1),
	    points);
	return len;
}

/* "G-123456": a short prefix in capitals is not part of the code. */
static size_t
try_prefixed(struct scan *s, size_t at)
{
	const char *p = s->text + at;
	size_t letters = strspn(p, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
	size_t n;
	bool direct;
	int points;

	if (letters == 0 || letters > 3 || p[letters] != '-')
		return 0;
	n = digits_at(p + letters + 1);
	if (n < MIN_CODE || n > MAX_CODE || is_word(p[letters + 1 + n]))
		return 0;
	points = surroundings(s, at, at + letters + 1 + n, &direct);
	offer(s, arena_strndup(s->mem, p + letters + 1, n),
	    POINTS_PREFIX + points);
	return letters + 1 + n;
}

static void
try_number(struct scan *s, size_t at, size_t len)
{
	bool direct;
	int points;

	if (len < MIN_CODE || len > MAX_CODE || is_fragment(s, at, at + len))
		return;
	points = surroundings(s, at, at + len, &direct);
	offer(s, arena_strndup(s->mem, s->text + at, len),
	    POINTS_NUMBER + points);
}

/* Letters only count directly behind a key word: "code is 4GH7K". */
static void
try_letters(struct scan *s, size_t at, size_t len)
{
	bool digits = false;
	bool lower = false;
	bool direct;
	int points;

	if (len < MIN_CODE || len > MAX_WORD || is_fragment(s, at, at + len))
		return;
	for (size_t i = at; i < at + len; i++) {
		digits = digits || is_digit(s->text[i]);
		lower = lower || (s->text[i] >= 'a' && s->text[i] <= 'z');
	}
	points = surroundings(s, at, at + len, &direct);
	if (direct && (digits || !lower))
		offer(s, arena_strndup(s->mem, s->text + at, len), points);
}

/* "800 555 1234": three groups or more with one kind of gap; or 0. */
static size_t
local_phone_length(const char *p)
{
	size_t n = digits_at(p);
	size_t digits = n;
	size_t groups = 1;
	char gap = p[n];

	if (gap != ' ' && gap != '-')
		return 0;
	while (p[n] == gap && is_digit(p[n + 1])) {
		size_t more = digits_at(p + n + 1);

		if (more > 4)
			return 0;
		digits += more;
		groups++;
		n += 1 + more;
	}
	return groups >= 3 && digits >= 9 && digits_at(p) <= 4 ? n : 0;
}

/* Length of an address or a "+44 7903 561836" to step over, or 0. */
static size_t
foreign_length(const struct scan *s, size_t at)
{
	const char *p = s->lower + at;

	if (strncmp(p, "http://", 7) == 0 || strncmp(p, "https://", 8) == 0 ||
	    strncmp(p, "www.", 4) == 0)
		return strcspn(p, " \n\r\t");
	if (*p == '+' && is_digit(p[1]))
		return 1 + strspn(p + 1, "0123456789 ()-");
	return is_digit(*p) ? local_phone_length(p) : 0;
}

/* Offer what starts at `at`; how far to go on. */
static size_t
step(struct scan *s, size_t at)
{
	const char *p = s->text + at;
	size_t n = foreign_length(s, at);
	size_t digits;

	if (n > 0)
		return n;
	if (!is_word(*p))
		return 1;
	n = try_prefixed(s, at);
	if (n == 0 && is_digit(*p))
		n = try_groups(s, at);
	if (n > 0)
		return n;
	for (n = 1; is_word(p[n]);)
		n++;
	digits = digits_at(p);
	if (digits == n)
		try_number(s, at, n);
	else
		try_letters(s, at, n);
	return n;
}

const char *
code_find(struct arena *mem, const char *text)
{
	struct scan s = {.mem = mem};

	s.text = normalise(mem, text);
	s.lower = lower_copy(mem, s.text);
	for (size_t at = 0; s.text[at] != '\0';)
		at += step(&s, at);
	return s.best;
}
