#include "base/clock.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* 9999-12-31T23:59:59.999999Z */
#define YEAR_9999_END INT64_C(253402300799999999)

static int64_t (*fake_now)(void);
static int64_t (*fake_mono)(void);

static int64_t
read_clock(clockid_t id)
{
	struct timespec ts = {0};

	(void)clock_gettime(id, &ts); /* cannot fail for these two clocks */
	return (int64_t)ts.tv_sec * CLOCK_SECOND + ts.tv_nsec / 1000;
}

int64_t
clock_now(void)
{
	return fake_now != NULL ? fake_now() : read_clock(CLOCK_REALTIME);
}

int64_t
clock_mono(void)
{
	return fake_mono != NULL ? fake_mono() : read_clock(CLOCK_MONOTONIC);
}

void
clock_fake(int64_t (*now)(void), int64_t (*mono)(void))
{
	fake_now = now;
	fake_mono = mono;
}

void
clock_print(int64_t us, char out[CLOCK_TEXT_SIZE])
{
	time_t s = (time_t)(us / CLOCK_SECOND);
	struct tm tm = {0};
	char date[24];

	(void)gmtime_r(&s, &tm);
	(void)strftime(date, sizeof(date), "%Y-%m-%dT%H:%M:%S", &tm);
	(void)snprintf(out, CLOCK_TEXT_SIZE, "%.19s.%06uZ", date,
	    (unsigned)(us % CLOCK_SECOND));
}

/* `n` digits at *p, moved past; -1 when one is missing. */
static int
digits(const char **p, int n)
{
	int v = 0;

	for (int i = 0; i < n; i++, (*p)++) {
		if (**p < '0' || **p > '9')
			return -1;
		v = v * 10 + (**p - '0');
	}
	return v;
}

static bool
skip(const char **p, const char *any)
{
	if (**p == '\0' || strchr(any, **p) == NULL)
		return false;
	(*p)++;
	return true;
}

static int64_t
fraction(const char **p)
{
	int64_t us = 0;
	int64_t unit = CLOCK_SECOND / 10;

	for (; **p >= '0' && **p <= '9'; (*p)++, unit /= 10)
		us += (**p - '0') * unit;
	return us;
}

/* The offset in seconds, or false; the whole text must be used up. */
static bool
zone(const char *p, int64_t *out)
{
	int sign = *p == '-' ? -1 : 1;
	int h;
	int m;

	*out = 0;
	if ((*p == 'Z' || *p == 'z') && p[1] == '\0')
		return true;
	if (!skip(&p, "+-"))
		return false;
	h = digits(&p, 2);
	if (h >= 0 && *p == '\0') { /* PostgreSQL writes "+00" */
		m = 0;
	} else {
		(void)skip(&p, ":"); /* the colon is optional in ISO 8601 */
		m = digits(&p, 2);
	}
	if (h < 0 || h > 23 || m < 0 || m > 59 || *p != '\0')
		return false;
	*out = sign * (h * INT64_C(3600) + m * INT64_C(60));
	return true;
}

static int
days_of(int year, int month)
{
	static const int days[] = {
	    31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

	return days[month] + (leap && month == 1);
}

static bool
in_range(const struct tm *tm)
{
	return tm->tm_year >= 70 && tm->tm_mon >= 0 && tm->tm_mon < 12 &&
	    tm->tm_mday >= 1 &&
	    tm->tm_mday <= days_of(tm->tm_year + 1900, tm->tm_mon) &&
	    tm->tm_hour >= 0 && tm->tm_hour < 24 && tm->tm_min >= 0 &&
	    tm->tm_min < 60 && tm->tm_sec >= 0 && tm->tm_sec <= 60;
}

bool
clock_parse(const char *text, int64_t *out)
{
	struct tm tm = {0};
	const char *p = text;
	int64_t us = 0;
	int64_t offset = 0;
	bool ok;

	tm.tm_year = digits(&p, 4) - 1900;
	ok = skip(&p, "-");
	tm.tm_mon = ok ? digits(&p, 2) - 1 : -1;
	ok = ok && skip(&p, "-");
	tm.tm_mday = ok ? digits(&p, 2) : -1;
	ok = ok && skip(&p, "Tt ");
	tm.tm_hour = ok ? digits(&p, 2) : -1;
	ok = ok && skip(&p, ":");
	tm.tm_min = ok ? digits(&p, 2) : -1;
	ok = ok && skip(&p, ":");
	tm.tm_sec = ok ? digits(&p, 2) : -1;
	if (!ok || !in_range(&tm))
		return false;
	if (skip(&p, ".,")) {
		if (*p < '0' || *p > '9')
			return false;
		us = fraction(&p);
	}
	if (!zone(p, &offset))
		return false;
	us += ((int64_t)timegm(&tm) - offset) * CLOCK_SECOND;
	if (us < 0 || us > YEAR_9999_END)
		return false;
	*out = us;
	return true;
}
