#include "sandbox/refund.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "sandbox/order.h"

#define LATE_MAX_MS INT64_C(86400000)
#define PERCENT_MAX 1000

/* ---- the script ---- */

static bool
parse_manner(const char *word, struct refund_manner *out)
{
	*out = (struct refund_manner){.name = word, .percent = 100, .times = 1};
	if (text_eq(word, "once"))
		return true;
	if (text_eq(word, "never")) {
		out->times = 0;
		return true;
	}
	if (text_starts(word, "late:"))
		return text_to_i64(
		    word + strlen("late:"), 1, LATE_MAX_MS, &out->delay_ms);
	if (text_starts(word, "part:"))
		return text_to_i64(
		    word + strlen("part:"), 1, PERCENT_MAX, &out->percent);
	out->times = 2;
	if (text_starts(word, "twice:"))
		return text_to_i64(
		    word + strlen("twice:"), 1, LATE_MAX_MS, &out->delay_ms);
	return text_eq(word, "twice");
}

bool
refund_parse(struct market *m, const char *text, struct refund_script *out)
{
	struct refund_script s = {0};

	while (*text != '\0') {
		size_t len = strcspn(text, ",");

		if (s.count == REFUND_MANNERS ||
		    !parse_manner(
			arena_strndup(m->mem, text, len), &s.at[s.count]))
			return false;
		s.count++;
		text += len;
		text += *text == ',' ? 1 : 0;
	}
	*out = s;
	return true;
}

struct refund_manner
refund_manner(const struct market *m, const struct order *o)
{
	if (m->refunds.count > 0)
		return m->refunds.at[(o->id - m->first_id) % m->refunds.count];
	return (struct refund_manner){.name = "rule",
	    .percent = RULE(m, o->service, refund_percent),
	    .times = 1};
}

/* ---- the money ---- */

static void
wait_for(struct market *m, struct order *o)
{
	if (o->refund_waits)
		return;
	o->refund_waits = true;
	o->refund_next = m->refund_first;
	m->refund_first = o;
}

void
refund_open(struct market *m, struct order *o, int64_t at)
{
	o->manner = refund_manner(m, o);
	m->account.frozen -= o->price;
	m->account.lost += o->price;
	if (o->manner.times == 0)
		return;
	o->refund_due = at + o->manner.delay_ms * CLOCK_MS;
	refund_pay(m, o, at);
	if (o->refund_due != 0)
		wait_for(m, o);
}

void
refund_undo(struct market *m, struct order *o)
{
	m->account.frozen += o->price;
	m->account.balance -= o->refunded;
	m->account.lost -= o->price - o->refunded;
	o->refunded = 0;
	o->refunds = 0;
	o->refund_due = 0;
}

void
refund_pay(struct market *m, struct order *o, int64_t now)
{
	while (o->refund_due != 0 && o->refund_due <= now) {
		int64_t back = o->price * o->manner.percent / 100;

		m->account.balance += back;
		m->account.lost -= back;
		o->refunded += back;
		o->refunds++;
		if (o->refunds < o->manner.times)
			o->refund_due += o->manner.delay_ms * CLOCK_MS;
		else
			o->refund_due = 0;
	}
}

void
refund_pay_all(struct market *m, int64_t now)
{
	struct order **at = &m->refund_first;

	while (*at != NULL) {
		struct order *o = *at;

		refund_pay(m, o, now);
		if (o->refund_due != 0) {
			at = &o->refund_next;
			continue;
		}
		*at = o->refund_next;
		o->refund_next = NULL;
		o->refund_waits = false;
	}
}
