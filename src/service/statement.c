#include "service/statement.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "io/schema.h"

#define PAGE 500 /* rows, about 60 KiB of text */

enum err
statement_open(struct ctx *c, int64_t user, int64_t from, int64_t to,
    struct statement *out)
{
	*out = (struct statement){.user = user};
	return wallet_store_range(c, user, from, to, &out->range);
}

/* What a spreadsheet would compute is made a text by an apostrophe. */
static void
put_text(struct buf *b, const char *text)
{
	bool quote = strpbrk(text, ",\"\r\n\t ") != NULL;

	if (quote)
		buf_char(b, '"');
	if (text[0] != '\0' && strchr("=+-@\t\r\n", text[0]) != NULL)
		buf_char(b, '\'');
	for (; *text != '\0'; text++) {
		if (*text == '"')
			buf_char(b, '"');
		buf_char(b, *text);
	}
	if (quote)
		buf_char(b, '"');
}

static void
put_money(struct buf *b, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	money_print(micros, text);
	buf_text(b, text);
	buf_char(b, ',');
}

static void
put_row(struct buf *b, const struct wallet_transfer *t, int64_t balance)
{
	char at[CLOCK_TEXT_SIZE];

	clock_print(t->created_at, at);
	buf_fmt(b, "%s,%" PRId64 ",%s,", at, t->id, t->kind);
	put_money(b, t->change);
	put_money(b, t->held);
	put_money(b, balance);
	buf_text(b, t->activation_id != NULL ? t->activation_id : "");
	buf_char(b, ',');
	put_text(b, t->reason);
	buf_text(b, "\r\n");
}

enum err
statement_next(struct ctx *c, struct statement *s, struct buf *out, bool *more)
{
	const struct wallet_transfer *t;
	struct list rows = {0};

	TRY(wallet_store_page(c, s->user, &s->range, PAGE, &rows));
	if (!s->is_begun)
		buf_text(
		    out, "time,id,kind,amount,held,balance,number,reason\r\n");
	s->is_begun = true;
	t = rows.at;
	for (size_t i = 0; i < rows.n; i++) {
		s->range.balance += t[i].change;
		s->range.after = t[i].id;
		put_row(out, &t[i], s->range.balance);
	}
	*more = rows.n == PAGE;
	return OK;
}
