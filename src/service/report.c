#include "service/report.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/log.h"
#include "base/text.h"
#include "provider/code.h"
#include "service/wake.h"

/* Room for one element more in an array of the arena. */
static void *
grow(struct ctx *c, void *at, size_t n, size_t *room, size_t size)
{
	void *bigger;

	if (n < *room)
		return at;
	*room = *room == 0 ? 16 : *room * 2;
	bigger = arena_alloc(c->mem, *room, size);
	if (n > 0)
		memcpy(bigger, at, n * size);
	return bigger;
}

/*
 * What names a message when its provider gives it no id and no time: its
 * code, since one answer may bring the text and another the code only.
 */
static const char *
name_of(const struct message *m)
{
	if (m->id != NULL || m->at != 0)
		return m->id;
	return m->code_given ? m->key : NULL;
}

static void
add_message(struct ctx *c, struct report *r, const char *activation,
    const struct message *m)
{
	const char *code = m->code;

	if (code == NULL && m->text != NULL)
		code = code_find(c->mem, m->text);
	r->messages = grow(c, r->messages, r->message_count, &r->message_room,
	    sizeof(*r->messages));
	r->messages[r->message_count++] =
	    (struct message_new){.activation_id = activation,
		.upstream_id = name_of(m),
		.sender = m->sender != NULL ? m->sender : "",
		.text = m->text != NULL ? m->text :
		    code != NULL        ? code :
					  "",
		.code = code,
		.received_at = m->at};
}

/* How the provider's word ends the number; NULL: it does not. */
static const char *
refund_of(const struct outcome *o)
{
	static const char *const words[] = {[REFUND_UNKNOWN] = "unknown",
	    [REFUND_YES] = "yes",
	    [REFUND_NO] = "no"};

	if (o->fault == FAULT_ALREADY_CLOSED)
		return "unknown";
	if (o->fault != FAULT_NONE || !upstream_state_is_final(o->state))
		return NULL;
	return words[o->refunded];
}

static void
add_missing(struct ctx *c, struct report *r, const char *activation)
{
	r->missing = grow(c, r->missing, r->missing_count, &r->missing_room,
	    sizeof(*r->missing));
	r->missing[r->missing_count++] = activation;
}

void
report_add(struct ctx *c, struct report *r, const char *activation,
    const struct outcome *o)
{
	const char *refunded = refund_of(o);

	for (size_t i = 0; i < o->message_count; i++)
		add_message(c, r, activation, &o->messages[i]);
	if (o->fault == FAULT_NOT_FOUND)
		add_missing(c, r, activation);
	if (refunded == NULL)
		return;
	r->ends =
	    grow(c, r->ends, r->end_count, &r->end_room, sizeof(*r->ends));
	r->ends[r->end_count++] = (struct activation_ended){.id = activation,
	    .refunded = refunded,
	    .cause = o->fault == FAULT_NONE ? upstream_state_name(o->state) :
					      fault_name(o->fault)};
}

static void
tell_messages(struct ctx *c, const struct list *rows)
{
	for (size_t i = 0; i < rows->n; i++) {
		const struct message_stored *m =
		    &((const struct message_stored *)rows->at)[i];

		if (!text_eq(m->status, "ok"))
			continue; /* it was stored before */
		log_ev(c, LEVEL_INFO, "message.stored",
		    L_STR("activation", m->activation_id),
		    L_I64("message", m->message_id),
		    L_I64("charged", m->charged));
		wake_watchers(c, m->activation_id);
	}
}

/* Ended when this was not the first answer of that kind. */
static enum err
write_missing(struct ctx *c, const struct report *r)
{
	const struct activation_change *row;
	struct list rows = {0};

	if (r->missing_count == 0)
		return OK;
	TRY(activation_store_missing(c, r->missing, r->missing_count, &rows));
	row = rows.at;
	for (size_t i = 0; i < rows.n; i++) {
		log_ev(c, LEVEL_INFO, "number.missing",
		    L_STR("activation", row[i].id));
		wake_watchers(c, row[i].id);
	}
	return OK;
}

enum err
report_write(struct ctx *c, const struct report *r)
{
	struct list rows = {0};

	if (r->message_count > 0) {
		TRY(message_store_add(c, r->messages, r->message_count, &rows));
		tell_messages(c, &rows);
		wake_task(c, "deliver");
	}
	TRY(write_missing(c, r));
	if (r->end_count == 0)
		return OK;
	TRY(activation_store_end(c, r->ends, r->end_count, &rows));
	for (size_t i = 0; i < r->end_count; i++)
		wake_watchers(c, r->ends[i].id);
	return OK;
}
