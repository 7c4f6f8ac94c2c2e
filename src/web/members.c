#include "web/members.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "io/js.h"

/* Text ends with its quote, so that a bracket here is one of ours. */
static void
begin(struct buf *b, const char *name)
{
	if (b->len > 0 && strchr("{[", b->at[b->len - 1]) == NULL)
		buf_char(b, ',');
	if (name == NULL)
		return;
	js_print_string(b, name);
	buf_char(b, ':');
}

void
members_open(struct buf *b, const char *name, char bracket)
{
	begin(b, name);
	buf_char(b, bracket);
}

void
members_close(struct buf *b, char bracket)
{
	buf_char(b, bracket);
}

void
members_text(struct buf *b, const char *name, const char *value)
{
	begin(b, name);
	if (value == NULL)
		buf_text(b, "null");
	else
		js_print_string(b, value);
}

void
members_int(struct buf *b, const char *name, int64_t value)
{
	begin(b, name);
	buf_fmt(b, "%" PRId64, value);
}

void
members_money(struct buf *b, const char *name, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	begin(b, name);
	money_print_short(micros, 2, text);
	buf_text(b, text);
}
