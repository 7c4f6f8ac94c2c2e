#include <inttypes.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "io/js.h"
#include "provider/outcome.h"

/* Member name, with what separates it from the one before. */
static void
key(struct buf *b, const char *name)
{
	char last = '{';

	if (b->len > 0)
		last = b->at[b->len - 1];
	if (last != '{' && last != '[')
		buf_char(b, ',');
	js_print_string(b, name);
	buf_char(b, ':');
}

static void
text(struct buf *b, const char *name, const char *value)
{
	if (value == NULL)
		return;
	key(b, name);
	js_print_string(b, value);
}

static void
money(struct buf *b, const char *name, int64_t micros, int64_t unsaid)
{
	char value[MONEY_TEXT_SIZE];

	if (micros == unsaid)
		return;
	money_print(micros, value);
	text(b, name, value);
}

static void
moment(struct buf *b, const char *name, int64_t us)
{
	char value[CLOCK_TEXT_SIZE];

	if (us == 0)
		return;
	clock_print(us, value);
	text(b, name, value);
}

static void
number(struct buf *b, const char *name, int64_t n)
{
	key(b, name);
	buf_fmt(b, "%" PRId64, n);
}

static void
print_message(struct buf *b, const struct message *m)
{
	buf_char(b, '{');
	text(b, "id", m->id);
	text(b, "sender", m->sender);
	text(b, "text", m->text);
	text(b, "code", m->code);
	moment(b, "at", m->at);
	buf_char(b, '}');
}

static void
print_messages(struct buf *b, const struct outcome *o)
{
	if (o->message_count == 0)
		return;
	key(b, "messages");
	buf_char(b, '[');
	for (size_t i = 0; i < o->message_count; i++) {
		if (i > 0)
			buf_char(b, ',');
		print_message(b, &o->messages[i]);
	}
	buf_char(b, ']');
	text(b, "code", o->newest->code);
}

static void
print_prices(struct buf *b, const struct outcome *o)
{
	if (o->price_count == 0)
		return;
	key(b, "prices");
	buf_char(b, '[');
	for (size_t i = 0; i < o->price_count; i++) {
		const struct price_row *row = &o->prices[i];

		buf_text(b, i > 0 ? ",{" : "{");
		text(b, "service", row->service);
		text(b, "country", row->country);
		text(b, "operator", row->operator);
		money(b, "cost", row->cost, 0);
		number(b, "stock", row->stock);
		buf_char(b, '}');
	}
	buf_char(b, ']');
}

static void
print_order(struct buf *b, const struct outcome *o)
{
	text(b, "id", o->id);
	text(b, "phone", o->phone);
	text(b, "service", o->service);
	text(b, "country", o->country);
	text(b, "operator", o->operator);
	money(b, "cost", o->cost, OUTCOME_UNSAID);
	money(b, "amount", o->amount, OUTCOME_NO_AMOUNT);
	text(b, "currency", o->currency);
	moment(b, "created_at", o->created_at);
	moment(b, "expires_at", o->expires_at);
	if (o->refunded != REFUND_UNKNOWN) {
		key(b, "refunded");
		buf_text(b, o->refunded == REFUND_YES ? "true" : "false");
	}
}

static void
print_fault(struct buf *b, const struct outcome *o)
{
	text(b, "word", o->word);
	if (o->retry_after != 0)
		number(b, "retry_after_s", o->retry_after / CLOCK_SECOND);
	moment(b, "until", o->until);
	money(b, "min_price", o->min_price, OUTCOME_UNSAID);
	text(b, "scope", o->scope);
}

void
outcome_print(struct buf *b, const struct outcome *o)
{
	buf_char(b, '{');
	if (o->fault != FAULT_NONE)
		text(b, "error", fault_name(o->fault));
	if (o->state != UPSTREAM_UNSET)
		text(b, "state", upstream_state_name(o->state));
	print_fault(b, o);
	print_order(b, o);
	print_messages(b, o);
	for (size_t i = 0; i < o->item_count; i++) {
		if (i == 0)
			key(b, "items");
		buf_char(b, i == 0 ? '[' : ',');
		outcome_print(b, &o->items[i]);
	}
	if (o->item_count > 0)
		buf_char(b, ']');
	print_prices(b, o);
	if (o->skipped > 0)
		number(b, "skipped", (int64_t)o->skipped);
	buf_char(b, '}');
}
