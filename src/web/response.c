#include "web/response.h"

#include <string.h>

#include "base/law.h"
#include "io/js.h"
#include "io/schema.h"

#define JSON "application/json"

void
response_init(struct ctx *c, struct response *rs)
{
	*rs = (struct response){0};
	buf_init(&rs->body, c->mem);
}

static void
begin(struct response *rs, int status, const char *type)
{
	rs->status = status;
	rs->type = type;
	rs->stream = NULL;
	buf_clear(&rs->body);
}

void
response_json(struct ctx *c, struct response *rs, int status,
    const struct schema *s, const void *at)
{
	(void)c;
	begin(rs, status, JSON);
	schema_print(&rs->body, s, at);
}

void
response_list(struct ctx *c, struct response *rs, const struct schema *s,
    const void *at, size_t n, const char *cursor)
{
	const char *row = at;

	(void)c;
	begin(rs, 200, JSON);
	buf_text(&rs->body, "{\"data\":[");
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_char(&rs->body, ',');
		schema_print(&rs->body, s, row + i * s->size);
	}
	buf_text(&rs->body, "],\"next_cursor\":");
	if (cursor == NULL)
		buf_text(&rs->body, "null");
	else
		js_print_string(&rs->body, cursor);
	buf_char(&rs->body, '}');
}

void
response_text(struct response *rs, int status, const char *text)
{
	begin(rs, status, "text/plain; charset=utf-8");
	buf_text(&rs->body, text);
}

void
response_bytes(struct response *rs, int status, const char *type,
    const void *bytes, size_t n)
{
	begin(rs, status, type);
	buf_add(&rs->body, bytes, n);
}

void
response_empty(struct response *rs, int status)
{
	begin(rs, status, NULL);
}

void
response_stream(
    struct response *rs, const char *type, stream_fn *next, void *arg)
{
	begin(rs, 200, type);
	rs->stream = next;
	rs->stream_arg = arg;
}

static bool
is_printable(const char *s)
{
	for (; *s != '\0'; s++)
		if ((unsigned char)*s < 0x20 || *s == 0x7f)
			return false;
	return true;
}

void
response_header(struct response *rs, const char *name, const char *value)
{
	size_t i = 0;

	/* A line break here would let a value become a header of its own. */
	if (value == NULL || !is_printable(value))
		return;
	while (i < rs->header_count &&
	    (strcmp(rs->headers[i].name, name) != 0 ||
		strcmp(name, "Set-Cookie") == 0))
		i++;
	law(i < RESPONSE_MAX_HEADERS);
	rs->headers[i].name = name;
	rs->headers[i].value = value;
	if (i == rs->header_count)
		rs->header_count++;
}

bool
response_has_header(const struct response *rs, const char *name)
{
	for (size_t i = 0; i < rs->header_count; i++)
		if (strcmp(rs->headers[i].name, name) == 0)
			return true;
	return false;
}

enum err
response_park(
    struct response *rs, const char *key, int64_t until, resume_fn *resume)
{
	rs->park_key = key;
	rs->park_until = until;
	rs->resume = resume;
	return SUSPENDED;
}
