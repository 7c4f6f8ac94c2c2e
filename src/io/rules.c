#include "io/rules.h"

#include <stddef.h>
#include <string.h>

#include "base/text.h"

static const char lower[] = "abcdefghijklmnopqrstuvwxyz";
static const char digits[] = "0123456789";
static const char slug[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
static const char host[] = "abcdefghijklmnopqrstuvwxyz"
			   "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-";
/* RFC 5322 section 3.2.3 */
static const char atext[] = "abcdefghijklmnopqrstuvwxyz"
			    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
			    "!#$%&'*+-/=?^_`{|}~";

bool
is_slug(const char *s)
{
	return s[0] != '\0' && s[0] != '_' && s[0] != '-' &&
	    s[strspn(s, slug)] == '\0';
}

bool
is_country_code(const char *s)
{
	return strlen(s) == 2 && strspn(s, lower) == 2;
}

bool
is_currency_code(const char *s)
{
	return strlen(s) == 3 && strspn(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == 3;
}

bool
is_e164(const char *s)
{
	size_t n = strlen(s);

	return s[0] == '+' && s[1] != '0' && n >= 8 && n <= 16 &&
	    strspn(s + 1, digits) == n - 1;
}

/*
 * `n` bytes are one or more parts of `allowed`, divided by single dots and
 * at most `part_max` long; gives the number of parts, 0 when they are not.
 */
static size_t
dotted(const char *s, size_t n, const char *allowed, size_t part_max)
{
	size_t parts = 0;

	for (size_t i = 0; i <= n; parts++) {
		size_t len = strspn(s + i, allowed);

		if (len > n - i)
			len = n - i;
		if (len == 0 || len > part_max)
			return 0;
		i += len;
		if (i < n && s[i] != '.')
			return 0;
		i++;
	}
	return parts;
}

/* RFC 1123 section 2.1: labels of at most 63, no hyphen at their ends. */
static size_t
host_labels(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool first = i == 0 || s[i - 1] == '.';
		bool last = i + 1 == n || s[i + 1] == '.';

		if (s[i] == '-' && (first || last))
			return 0;
	}
	return n > 253 ? 0 : dotted(s, n, host, 63);
}

bool
is_email(const char *s)
{
	const char *at = strrchr(s, '@');
	const char *top = strrchr(s, '.');

	if (at == NULL || top == NULL || strlen(s) > 254 || at - s > 64)
		return false;
	if (dotted(s, (size_t)(at - s), atext, 64) == 0)
		return false;
	if (host_labels(at + 1, strlen(at + 1)) < 2)
		return false;
	/* All digits would be an IPv4 address. */
	return top[1 + strspn(top + 1, digits)] != '\0';
}

static bool
is_port(const char *s, size_t n)
{
	long port = 0;

	if (n == 0 || n > 5)
		return false;
	for (size_t i = 0; i < n; i++) {
		if (s[i] < '0' || s[i] > '9')
			return false;
		port = port * 10 + (s[i] - '0');
	}
	return port > 0 && port <= 65535;
}

bool
is_url_https(const char *s)
{
	size_t n = strlen(s);
	size_t authority;
	size_t name;

	if (n > 2048 || !text_starts(s, "https://"))
		return false;
	for (size_t i = 0; i < n; i++)
		if (s[i] <= ' ' || s[i] > '~' ||
		    strchr("\"#<>\\^`{|}", s[i]) != NULL)
			return false;
	s += strlen("https://");
	authority = strcspn(s, "/?");
	name = strcspn(s, ":/?");
	if (host_labels(s, name) == 0)
		return false;
	return name == authority || is_port(s + name + 1, authority - name - 1);
}

/* U+2028 to U+202E, U+2066 to U+2069, U+200B to U+200F, U+FEFF as UTF-8. */
static bool
is_invisible(const unsigned char *p)
{
	if (p[0] == 0xef)
		return p[1] == 0xbb && p[2] == 0xbf;
	if (p[0] != 0xe2)
		return false;
	if (p[1] == 0x80)
		return (p[2] >= 0x8b && p[2] <= 0x8f) ||
		    (p[2] >= 0xa8 && p[2] <= 0xae);
	return p[1] == 0x81 && p[2] >= 0xa6 && p[2] <= 0xa9;
}

bool
is_name(const char *s)
{
	size_t n = strlen(s);

	if (n == 0 || s[0] == ' ' || s[n - 1] == ' ')
		return false;
	for (size_t i = 0; i < n; i++) {
		const unsigned char *p = (const unsigned char *)s + i;

		/* C1 controls are 0xc2 0x80 to 0xc2 0x9f. */
		if (p[0] < ' ' || p[0] == 0x7f ||
		    (p[0] == 0xc2 && p[1] < 0xa0) || is_invisible(p))
			return false;
	}
	return true;
}

const char *
rule_text(bool (*rule)(const char *))
{
	static const struct {
		bool (*rule)(const char *);
		const char *text;
	} rows[] = {
	    {is_slug, "must be lower-case letters, digits, \"_\" or \"-\""},
	    {is_email, "must be an e-mail address"},
	    {is_e164, "must be a phone number in the form +442071234567"},
	    {is_country_code,
		"must be a country code of two lower-case "
		"letters"},
	    {is_currency_code,
		"must be a currency code of three capital "
		"letters"},
	    {is_url_https, "must be an https:// address"},
	    {is_name,
		"must not have hidden characters or blanks at its "
		"ends"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].rule == rule)
			return rows[i].text;
	return NULL;
}
