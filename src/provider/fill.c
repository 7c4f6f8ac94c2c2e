#include "provider/fill.h"

#include <inttypes.h>
#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "provider/code.h"
#include "provider/decimal.h"
#include "provider/descriptor.h"
#include "provider/phone.h"
#include "provider/template.h"
#include "provider/view.h"

/* A ban or a pause longer than a month is a slip of the unit. */
#define MAX_PAUSE_S (INT64_C(31) * 86400)

typedef void put_fn(const struct view *w, const char *text, void *at);

struct fill_field {
	const char *name;
	put_fn *put;
	size_t offset;
};

static void
put_text(const struct view *w, const char *text, void *at)
{
	(void)w;
	*(const char **)at = text;
}

/* The number may need parts the answer leaves out: see "phone". */
static void
put_phone(const struct view *w, const char *text, void *at)
{
	struct values values = *w->values;

	values.at[VAR_PHONE] = text;
	if (w->d->has_phone)
		text = template_text(w->c->mem, &w->d->phone, &values);
	*(const char **)at = phone_from(w->c->mem, text);
}

static void
put_amount(const struct view *w, const char *text, void *at)
{
	(void)w;
	(void)decimal_parse(text, at); /* false leaves it not said */
}

static void
put_cost(const struct view *w, const char *text, void *at)
{
	int64_t micros;

	(void)w;
	if (decimal_parse(text, &micros) && micros >= 0)
		*(int64_t *)at = micros;
}

static void
put_time(const struct view *w, const char *text, void *at)
{
	(void)when_parse(&w->d->time, text, at); /* false: not said */
}

static void
put_seconds(const struct view *w, const char *text, void *at)
{
	int64_t s;

	(void)w;
	if (text_to_i64(text, 0, MAX_PAUSE_S, &s))
		*(int64_t *)at = s * CLOCK_SECOND;
}

static void
put_refund(const struct view *w, const char *text, void *at)
{
	(void)w;
	if (text_eq(text, "true") || text_eq(text, "1"))
		*(enum outcome_refund *)at = REFUND_YES;
	else if (text_eq(text, "false") || text_eq(text, "0"))
		*(enum outcome_refund *)at = REFUND_NO;
}

#define ROW(name, put, field)                              \
	{                                                  \
		name, put, offsetof(struct outcome, field) \
	}

static const struct fill_field fields[] = {
    ROW("id", put_text, id),
    ROW("phone", put_phone, phone),
    ROW("service", put_text, service),
    ROW("country", put_text, country),
    ROW("operator", put_text, operator),
    ROW("cost", put_cost, cost),
    ROW("amount", put_amount, amount),
    ROW("currency", put_text, currency),
    ROW("created_at", put_time, created_at),
    ROW("expires_at", put_time, expires_at),
    ROW("refunded", put_refund, refunded),
    ROW("retry_after_s", put_seconds, retry_after),
    ROW("until", put_time, until),
    ROW("min_price", put_cost, min_price),
    ROW("scope", put_text, scope),
};

const struct fill_field *
fill_find(const char *name)
{
	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		if (text_eq(fields[i].name, name))
			return &fields[i];
	return NULL;
}

void
fill_fields(const struct view *w, const struct list *sets, struct outcome *out)
{
	const struct set *set = sets->at;

	for (size_t i = 0; i < sets->n; i++) {
		const char *text = extract_text(w, &set[i].from);

		if (text != NULL)
			set[i].field->put(
			    w, text, (char *)out + set[i].field->offset);
	}
}

/*
 * Equal for the same message seen twice, also by another operation: where
 * no time is said, one answer may bring the text and another the code only.
 */
static const char *
message_key(struct arena *mem, const struct message *m)
{
	if (m->id != NULL)
		return arena_fmt(mem, "id %s", m->id);
	if (m->at != 0)
		return arena_fmt(mem, "at %" PRId64 " %s %s", m->at,
		    m->sender == NULL ? "" : m->sender,
		    m->text == NULL ? m->code : m->text);
	if (m->code_given)
		return arena_fmt(mem, "code %s", m->code);
	return arena_fmt(mem, "text %s", m->text);
}

/* False when there is neither text nor code. */
static bool
read_one(
    const struct view *w, const struct message_spec *spec, struct message *m)
{
	const char *at = extract_text(w, &spec->at);

	*m = (struct message){
	    .id = extract_text(w, &spec->id),
	    .sender = extract_text(w, &spec->sender),
	    .text = extract_text(w, &spec->text),
	    .code = extract_text(w, &spec->code),
	};
	if (m->text == NULL && m->code == NULL)
		return false;
	if (at != NULL)
		(void)when_parse(&w->d->time, at, &m->at); /* or 0 */
	m->code_given = m->code != NULL;
	m->key = message_key(w->c->mem, m);
	if (m->code == NULL)
		m->code = code_find(w->c->mem, m->text);
	return true;
}

static bool
is_known(const struct outcome *out, const struct message *m)
{
	for (size_t i = 0; i < out->message_count; i++)
		if (text_eq(out->messages[i].key, m->key))
			return true;
	return false;
}

/* Stable: messages of the same time stay in the order they came in. */
static void
sort_in(struct outcome *out, const struct message *m)
{
	struct message *list = out->messages;
	size_t i = out->message_count++;

	for (; i > 0 && list[i - 1].at > m->at; i--)
		list[i] = list[i - 1];
	list[i] = *m;
}

static void
add_messages(
    const struct view *w, const struct message_spec *spec, struct outcome *out)
{
	struct list roots = {&(const struct js *){w->root}, 1};
	const struct js *const *at;
	struct message *more;

	if (spec->has_each)
		roots = path_all(w->c->mem, &spec->each, w->values, w->root);
	more =
	    arena_many(w->c->mem, struct message, out->message_count + roots.n);
	if (out->message_count > 0)
		memcpy(more, out->messages, out->message_count * sizeof(*more));
	out->messages = more;
	at = roots.at;
	for (size_t i = 0; i < roots.n; i++) {
		struct view item = *w;
		struct message m;

		if (spec->has_each)
			view_item(w, at[i], &item);
		if (read_one(&item, spec, &m) && !is_known(out, &m))
			sort_in(out, &m);
	}
}

/* 2: the upstream gave a code; 1: one was found; 0: none. */
static int
worth(const struct message *m)
{
	return m->code_given ? 2 : m->code != NULL;
}

/*
 * The newest with a code: a second message without one often follows, and
 * a figure in that one must not win over the code the upstream named.
 */
static const struct message *
newest_of(const struct message *list, size_t n)
{
	const struct message *best = NULL;

	for (size_t i = 0; i < n; i++)
		if (best == NULL || worth(&list[i]) >= worth(best))
			best = &list[i];
	return best;
}

void
fill_messages(
    const struct view *w, const struct list *specs, struct outcome *out)
{
	const struct message_spec *spec = specs->at;

	for (size_t i = 0; i < specs->n; i++)
		add_messages(w, &spec[i], out);
	out->newest = newest_of(out->messages, out->message_count);
}
