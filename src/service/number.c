#include "service/number.h"

#include "base/arena.h"
#include "service/wake.h"
#include "store/message_store.h"
#include "store/status.h"

static bool
may_cancel(const struct activation_row *row)
{
	return (row->state == ACTIVATION_ACTIVE && row->first_sms_at == 0) ||
	    row->state == ACTIVATION_CANCELLING;
}

static struct number
number_of(const struct activation_row *row)
{
	return (struct number){.id = row->id,
	    .number = row->number,
	    .service = row->service,
	    .country = row->country,
	    .operator= row->operator,
	    .phone = row->phone,
	    .state = row->state,
	    .price = row->price,
	    .charged = row->charged,
	    .code = row->code,
	    .created_at = row->created_at,
	    .expires_at = row->expires_at,
	    .cancel_available_at = may_cancel(row) ? row->cancel_after : 0,
	    .closed_at = row->closed_at,
	    .awaits_more = row->awaits_more};
}

static enum err
add_messages(struct ctx *c, struct number *n)
{
	const char *const ids[] = {n->id};
	const struct message_row *rows;
	struct list found = {0};
	struct sms *all;

	TRY(message_store_list(c, ids, 1, &found));
	rows = found.at;
	all = arena_many(c->mem, struct sms, found.n + 1);
	for (size_t i = 0; i < found.n; i++)
		all[i] = (struct sms){.sender = rows[i].sender,
		    .text = rows[i].text,
		    .code = rows[i].code,
		    .received_at = rows[i].received_at};
	n->messages = (struct list){all, found.n};
	return OK;
}

/* SMS that are too late for the user are stored for numbers that are over. */
static bool
may_have_messages(const struct activation_row *row)
{
	return row->phone != NULL &&
	    (row->first_sms_at != 0 || row->closed_at != 0);
}

static enum err
complete(struct ctx *c, const struct activation_row *row, bool found,
    struct number *out)
{
	if (!found)
		return fail(c, ERR_NOT_FOUND, "no such number of the user");
	*out = number_of(row);
	if (!may_have_messages(row))
		return OK;
	return add_messages(c, out);
}

enum err
number_find(struct ctx *c, const char *id, struct number *out)
{
	struct activation_row row = {0};
	bool found = false;

	TRY(activation_store_find(c, id, c->user, &row, &found));
	return complete(c, &row, found, out);
}

enum err
number_find_short(struct ctx *c, int64_t number, struct number *out)
{
	struct activation_row row = {0};
	bool found = false;

	TRY(activation_store_find_number(c, number, c->user, &row, &found));
	return complete(c, &row, found, out);
}

enum err
number_list(struct ctx *c, const struct number_query *q, struct list *out)
{
	const struct activation_row *rows;
	struct list found = {0};
	struct number *all;

	TRY(activation_store_list(c, c->user, q->state != NULL ? q->state : "",
	    q->before != NULL ? q->before : "", q->limit, &found));
	rows = found.at;
	all = arena_many(c->mem, struct number, found.n + 1);
	for (size_t i = 0; i < found.n; i++)
		all[i] = number_of(&rows[i]);
	*out = (struct list){all, found.n};
	return OK;
}

/* The change was decided; say so upstream, and show what it is now. */
static enum err
changed(
    struct ctx *c, const struct activation_change *change, struct number *out)
{
	enum err e = status_err(change->status);

	if (e != OK)
		return fail(c, e, "status %s", change->status);
	wake_task(c, "ask");
	wake_watchers(c, change->id);
	return number_find(c, change->id, out);
}

enum err
number_cancel(struct ctx *c, const char *id, struct number *out)
{
	struct activation_change change = {0};

	TRY(activation_store_cancel(
	    c, id, c->user, ACTIVATION_SCHEDULE, &change));
	return changed(c, &change, out);
}

enum err
number_cancel_now(struct ctx *c, const char *id, struct number *out)
{
	struct activation_change change = {0};

	TRY(activation_store_cancel(
	    c, id, c->user, ACTIVATION_REFUSE, &change));
	return changed(c, &change, out);
}

enum err
number_finish(struct ctx *c, const char *id, struct number *out)
{
	struct activation_change change = {0};

	TRY(activation_store_finish(c, id, c->user, &change));
	return changed(c, &change, out);
}

enum err
number_resend(struct ctx *c, const char *id, struct number *out)
{
	struct activation_change change = {0};

	TRY(activation_store_resend(c, id, c->user, &change));
	return changed(c, &change, out);
}

enum err
number_report(
    struct ctx *c, const char *id, const char *why, struct number *out)
{
	struct activation_change change = {0};

	TRY(activation_store_report(c, id, c->user, why, &change));
	return changed(c, &change, out);
}
