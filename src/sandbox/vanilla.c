/* The dialect handler_api: the manner of sms-activate itself. Every answer
 * is HTTP 200, an error is a bare token of plain text. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/text.h"
#include "sandbox/handler.h"
#include "sandbox/json_out.h"

static void
deny(struct visit *v, const struct denial *d)
{
	answer_text(v, 200,
	    arena_fmt(
		v->mem, "%s%s", d->token, d->suffix == NULL ? "" : d->suffix));
}

static void
bad_parameter(struct visit *v, const char *name)
{
	static const struct {
		const char *name;
		const char *token;
	} rows[] = {
	    {"service", "BAD_SERVICE"},
	    {"country", "BAD_COUNTRY"},
	    {"operator", "WRONG_OPERATOR"},
	    {"maxPrice", "BAD_MAX_PRICE"},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_eq(name, rows[i].name))
			handler_deny(v, rows[i].token);
}

static void
number(struct visit *v, const struct order *o)
{
	struct buf *b = answer_start(v, 200, "application/json");
	char at[HANDLER_TIME_SIZE];

	handler_time(o->created, at);
	buf_fmt(b, "{\"activationId\":%" PRId64 ",\"phoneNumber\":\"%s\",",
	    o->id, o->phone + 1);
	buf_text(b, "\"activationCost\":");
	json_money(b, o->price);
	buf_fmt(b,
	    ",\"currency\":840,\"countryCode\":\"%d\","
	    "\"canGetAnotherSms\":\"1\",\"activationTime\":\"%s\","
	    "\"activationOperator\":\"%s\"}",
	    world_country(o->country)->handler, at,
	    market_operator_name(o->op));
}

static void
status(struct visit *v, const struct order *o)
{
	struct buf *b = answer_start(v, 200, "application/json");
	const struct sms *sms = order_code(o);
	char at[HANDLER_TIME_SIZE];

	if (sms == NULL)
		sms = o->sms_last;
	if (sms == NULL) {
		buf_text(
		    b, "{\"verificationType\":0,\"sms\":null,\"call\":null}");
		return;
	}
	handler_time(sms->at, at);
	buf_fmt(b,
	    "{\"verificationType\":0,\"sms\":{\"dateTime\":\"%s\",\"code\":",
	    at);
	json_text(b, sms->code);
	buf_text(b, ",\"text\":");
	json_text(b, sms->text);
	buf_text(b, "},\"call\":null}");
}

static void
active(struct visit *v)
{
	struct buf *b = answer_start(v, 200, "application/json");

	buf_text(b, "{\"status\":\"success\",\"activeActivations\":[");
	if (handler_add_active(v, b, "\"1\"") == 0)
		handler_deny(v, "NO_ACTIVATIONS");
	else
		buf_text(b, "]}");
}

/* ---- setStatus ---- */

static bool
cancel(struct visit *v, struct order *o)
{
	switch (order_cancel(v->market, o, v->now)) {
	case STEP_OK:
		answer_text(v, 200, "ACCESS_CANCEL");
		return true;
	case STEP_EARLY:
		handler_deny(v, "EARLY_CANCEL_DENIED");
		return true;
	case STEP_CLOSED: /* cancelling twice changes nothing */
		if (o->state == ORDER_FINISHED || o->state == ORDER_BANNED)
			return false;
		answer_text(v, 200, "ACCESS_CANCEL");
		return true;
	case STEP_LATE:
	case STEP_HAS_SMS:
	case STEP_NO_SMS:
		break;
	}
	return false;
}

/* Without an SMS it deletes the activation, as a cancel would. */
static bool
finish(struct visit *v, struct order *o)
{
	enum step step = order_finish(v->market, o, v->now);

	if (step == STEP_NO_SMS)
		order_force(v->market, o, ORDER_CANCELED, v->now);
	else if (step == STEP_CLOSED && o->state != ORDER_FINISHED)
		return false;
	answer_text(v, 200, "ACCESS_ACTIVATION");
	return true;
}

static bool
retry(struct visit *v, struct order *o)
{
	if (order_retry(v->market, o, v->now) != STEP_OK)
		return false;
	answer_text(v, 200, "ACCESS_RETRY_GET");
	return true;
}

static bool
set_status(struct visit *v, struct order *o, int64_t to)
{
	switch (to) {
	case 1:
		if (order_is_open(o))
			answer_text(v, 200, "ACCESS_READY");
		return order_is_open(o);
	case 3:
		return retry(v, o);
	case 6:
		return finish(v, o);
	case 8:
	case -1:
		return cancel(v, o);
	default:
		return false;
	}
}

static const struct handler_manner manner = {
    .deny = deny,
    .number = number,
    .status = status,
    .active = active,
    .set_status = set_status,
    .bad_parameter = bad_parameter,
};

const struct dialect handler_dialect = {
    .name = "handler_api",
    .lifetime_s = HANDLER_LIFETIME_S,
    .recognise = handler_recognise,
    .serve = handler_serve,
    .refuse = handler_refuse,
    .manner = &manner,
};
