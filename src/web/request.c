#include "web/request.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/text.h"

#define NAME_SIZE 64

const char *
request_cgi(const struct request *rq, const char *name)
{
	size_t n = strlen(name);
	const char *found = NULL;

	for (const char *const *p = rq->params; p != NULL && *p != NULL; p++) {
		if (strncmp(*p, name, n) != 0 || (*p)[n] != '=')
			continue;
		if (found != NULL)
			return NULL;
		found = *p + n + 1;
	}
	return found;
}

static char
cgi_letter(char ch)
{
	if (ch == '-')
		return '_';
	return (char)toupper((unsigned char)ch);
}

/* "Content-Type" to CONTENT_TYPE, "X-Name" to HTTP_X_NAME (RFC 3875 4.1). */
const char *
request_header(const struct request *rq, const char *name)
{
	char cgi[NAME_SIZE];
	size_t n = 0;

	if (!text_eq_ci(name, "Content-Type") &&
	    !text_eq_ci(name, "Content-Length"))
		n = (size_t)snprintf(cgi, sizeof(cgi), "HTTP_");
	for (; *name != '\0' && n < sizeof(cgi) - 1; name++)
		cgi[n++] = cgi_letter(*name);
	cgi[n] = '\0';
	return request_cgi(rq, cgi);
}

const char *
request_cookie(struct ctx *c, const struct request *rq, const char *name)
{
	const char *at = request_header(rq, "Cookie");
	size_t n = strlen(name);

	while (at != NULL) {
		at += strspn(at, " ;");
		if (strncmp(at, name, n) == 0 && at[n] == '=')
			return arena_strndup(
			    c->mem, at + n + 1, strcspn(at + n + 1, "; "));
		at = strchr(at, ';');
	}
	return NULL;
}

const char *
request_bearer(const struct request *rq)
{
	const char *value = request_header(rq, "Authorization");

	if (value == NULL || !text_starts_ci(value, "Bearer "))
		return NULL;
	return value + strlen("Bearer ");
}

bool
request_is_form(const struct request *rq)
{
	const char *type = request_header(rq, "Content-Type");

	return type != NULL &&
	    text_starts_ci(type, "application/x-www-form-urlencoded");
}

static int
hex(char ch)
{
	if (ch >= '0' && ch <= '9')
		return ch - '0';
	if (ch >= 'A' && ch <= 'F')
		return ch - 'A' + 10;
	return ch >= 'a' && ch <= 'f' ? ch - 'a' + 10 : -1;
}

/* Decode `n` bytes; NULL when they are not what a browser would send. */
static const char *
decode(struct ctx *c, const char *s, size_t n)
{
	char *out = arena_alloc(c->mem, n + 1, 1);
	size_t len = 0;

	for (size_t i = 0; i < n; i++) {
		int high;
		int low;

		if (s[i] != '%') {
			out[len++] = s[i];
			if (s[i] == '+')
				out[len - 1] = ' ';
			continue;
		}
		high = n - i > 2 ? hex(s[i + 1]) : -1;
		low = high < 0 ? -1 : hex(s[i + 2]);
		if (low < 0)
			return NULL;
		out[len++] = (char)(high << 4 | low);
		i += 2;
	}
	return text_is_utf8(out, len) ? out : NULL;
}

struct pair {
	const char *name, *value;
	size_t name_size, value_size;
};

/* The pair at *at, which moves behind it; false at the end. */
static bool
pair_next(const char **at, const char *end, struct pair *out)
{
	const char *stop;
	const char *eq;

	if (*at >= end)
		return false;
	stop = memchr(*at, '&', (size_t)(end - *at));
	if (stop == NULL)
		stop = end;
	eq = memchr(*at, '=', (size_t)(stop - *at));
	out->name = *at;
	out->name_size = (size_t)((eq == NULL ? stop : eq) - *at);
	out->value = eq == NULL ? stop : eq + 1;
	out->value_size = (size_t)(stop - out->value);
	*at = stop + 1;
	return true;
}

/* Clients of the old protocols send "country " and "time ". */
static bool
is_named(struct ctx *c, const struct request *rq, const struct pair *p,
    const char *name)
{
	const char *text;

	if (rq->door != DOOR_COMPAT)
		return p->name_size == strlen(name) &&
		    memcmp(p->name, name, p->name_size) == 0;
	text = decode(c, p->name, p->name_size);
	return text != NULL && text_eq(text_trim(c->mem, text), name);
}

static const char *
find(struct ctx *c, const struct request *rq, const char *text, size_t size,
    const char *name)
{
	const char *at = text;
	struct pair p;

	while (pair_next(&at, text + size, &p))
		if (is_named(c, rq, &p, name))
			return decode(c, p.value, p.value_size);
	return NULL;
}

const char *
request_param(struct ctx *c, const struct request *rq, const char *name)
{
	const char *query = rq->query == NULL ? "" : rq->query;
	const char *value = find(c, rq, query, strlen(query), name);

	if (value == NULL && rq->body_size > 0 && request_is_form(rq))
		value = find(c, rq, rq->body, rq->body_size, name);
	return value;
}

static bool
all_decode(struct ctx *c, const char *text, size_t size)
{
	const char *at = text;
	struct pair p;

	while (pair_next(&at, text + size, &p))
		if (decode(c, p.name, p.name_size) == NULL ||
		    decode(c, p.value, p.value_size) == NULL)
			return false;
	return true;
}

bool
request_is_decodable(struct ctx *c, const struct request *rq)
{
	const char *query = rq->query == NULL ? "" : rq->query;

	return all_decode(c, query, strlen(query)) &&
	    (rq->body_size == 0 || !request_is_form(rq) ||
		all_decode(c, rq->body, rq->body_size));
}
