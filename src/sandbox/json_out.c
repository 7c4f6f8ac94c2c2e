#include "sandbox/json_out.h"

#include <string.h>

#include "base/buf.h"
#include "base/money.h"
#include "io/js.h"

void
json_text(struct buf *b, const char *s)
{
	js_print_string(b, s);
}

void
json_money(struct buf *b, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	money_print_short(micros, 0, text);
	buf_text(b, text);
}

void
json_comma(struct buf *b)
{
	if (b->len > 0 && strchr("{[", b->at[b->len - 1]) == NULL)
		buf_char(b, ',');
}
