#include <inttypes.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/money.h"
#include "io/js.h"
#include "io/schema.h"

static const void *
member_of(const void *base, const struct field *f)
{
	return (const unsigned char *)base + f->offset;
}

/* NULL, or the 0 that stands for "no value". */
static bool
is_nothing(const struct field *f, const void *member)
{
	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_ID:
	case FIELD_OBJECT:
		return *(const void *const *)member == NULL;
	case FIELD_TIME:
		return *(const int64_t *)member == 0;
	case FIELD_INT:
	case FIELD_MONEY:
		return f->nullable && *(const int64_t *)member == 0;
	case FIELD_BOOL:
	case FIELD_ENUM:
	case FIELD_LIST:
		break;
	}
	return false;
}

static void
print_list(struct buf *b, const struct field *f, const struct list *l)
{
	const unsigned char *at = l->at;

	buf_char(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		if (i > 0)
			buf_char(b, ',');
		schema_print(b, f->sub, at + i * f->sub->size);
	}
	buf_char(b, ']');
}

static void
print_word(struct buf *b, const struct field *f, int index)
{
	int count = 0;

	while (f->names[count] != NULL)
		count++;
	law(index >= 0 && index < count);
	js_print_string(b, f->names[index]);
}

static void
print_value(struct buf *b, const struct field *f, const void *member)
{
	char money[MONEY_TEXT_SIZE];
	char time[CLOCK_TEXT_SIZE];

	switch (f->type) {
	case FIELD_TEXT:
	case FIELD_ID:
		js_print_string(b, *(const char *const *)member);
		break;
	case FIELD_INT:
		buf_fmt(b, "%" PRId64, *(const int64_t *)member);
		break;
	case FIELD_BOOL:
		buf_text(b, *(const bool *)member ? "true" : "false");
		break;
	case FIELD_ENUM:
		print_word(b, f, *(const int *)member);
		break;
	case FIELD_MONEY:
		money_print(*(const int64_t *)member, money);
		js_print_string(b, money);
		break;
	case FIELD_TIME:
		clock_print(*(const int64_t *)member, time);
		js_print_string(b, time);
		break;
	case FIELD_OBJECT:
		schema_print(b, f->sub, *(const void *const *)member);
		break;
	case FIELD_LIST:
		print_list(b, f, member);
		break;
	}
}

void
schema_print(struct buf *b, const struct schema *s, const void *at)
{
	const char *before = "";

	buf_char(b, '{');
	for (size_t i = 0; i < s->count; i++) {
		const struct field *f = &s->fields[i];
		const void *member = member_of(at, f);
		bool nothing = is_nothing(f, member);

		if (nothing && !f->nullable)
			continue;
		buf_text(b, before);
		before = ",";
		js_print_string(b, f->name);
		buf_char(b, ':');
		if (nothing)
			buf_text(b, "null");
		else
			print_value(b, f, member);
	}
	buf_char(b, '}');
}
