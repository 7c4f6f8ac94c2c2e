/* The dialect herosms: handler_api in the manner of HeroSMS. A refusal is an
 * HTTP error with {"title","details","info"}; only "no numbers" and a bad
 * parameter of the first getNumber are still plain text with HTTP 200. */
#include <inttypes.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "io/httpd.h"
#include "sandbox/handler.h"
#include "sandbox/json_out.h"

#define COUNT_EXTRA 50000 /* the advertised count is not the real stock */

/* clang-format off */
static const struct row {
	const char *token;
	int status;
	const char *details;
} rows[] = {
{"ACTIVATION_NOT_ACTIVE",     409, "The activation is not active"},
{"BAD_ACTION",                404, "Unknown action"},
{"BAD_KEY",                   401, "Invalid API key"},
{"BAD_STATUS",                400, "This status cannot be set"},
{"BANNED",                    403, "Buying is suspended"},
{"CHANNELS_LIMIT",            403, "Too many activations at once"},
{"EARLY_CANCEL_DENIED",       409, "The activation cannot be cancelled yet"},
{"FREE_CANCELLATION_EXPIRED", 409, "The time of free cancellation is over"},
{"NEW_OTP_RECEIVED",          409, "A new code was received"},
{"NO_ACTIVATION",             404, "The activation was not found"},
{"NO_BALANCE",                402, "Not enough money"},
{"NO_KEY",                    401, "The API key is missing"},
{"OPERATORS_NOT_FOUND",       404, "No operators in this country"},
{"ORDER_ALREADY_EXISTS",      409, "This order exists already"},
{"OTP_RECEIVED",              409, "A code was received"},
{"UNPROCESSABLE_ENTITY",      422, "A parameter is not valid"},
{"WRONG_ACTIVATION_ID",       400, "The activation id is not valid"},
{"WRONG_DATE",                400, "The dates are not valid"},
{"WRONG_MAX_PRICE",           400, "The price is below the lowest"},
};
/* clang-format on */

static const struct row *
row_of(const char *token)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_eq(token, rows[i].token))
			return &rows[i];
	return NULL;
}

static void
deny(struct visit *v, const struct denial *d)
{
	const struct row *row = row_of(d->token);
	struct buf *b;

	if (row == NULL) { /* NO_NUMBERS */
		answer_text(v, 200, d->token);
		return;
	}
	b = answer_start(v, row->status, "application/json");
	buf_fmt(b, "{\"title\":\"%s\",\"details\":\"%s\",\"info\":%s}",
	    row->token, row->details, d->info == NULL ? "null" : d->info);
}

static void
bad_parameter(struct visit *v, const char *name)
{
	if (text_eq(httpd_param(v->call, "action"), "getNumber"))
		answer_text(v, 200,
		    arena_fmt(v->mem, "UNPROCESSABLE_ENTITY:%s:INVALID", name));
	else
		deny(v,
		    &(struct denial){.token = "UNPROCESSABLE_ENTITY",
			.info =
			    arena_fmt(v->mem, "{\"%s\":\"INVALID\"}", name)});
}

static void
number(struct visit *v, const struct order *o)
{
	struct buf *b = answer_start(v, 200, "application/json");
	const struct country *c = world_country(o->country);
	char at[HANDLER_TIME_SIZE];
	char end[HANDLER_TIME_SIZE];

	handler_time(o->created, at);
	handler_time(o->expires, end);
	buf_fmt(b, "{\"activationId\":\"%" PRId64 "\",\"phoneNumber\":\"%s\",",
	    o->id, o->phone + 1);
	buf_text(b, "\"activationCost\":");
	json_money(b, o->price);
	buf_fmt(b,
	    ",\"currency\":840,\"countryCode\":\"%d\","
	    "\"countryPhoneCode\":\"%s\",\"canGetAnotherSms\":true,",
	    c->handler, c->dial);
	buf_fmt(b,
	    "\"activationTime\":\"%s\",\"activationEndTime\":\"%s\","
	    "\"activationOperator\":\"%s\"}",
	    at, end, market_operator_name(o->op));
}

/* One message, as in getStatusV2 and in the refusal of a cancel. */
static void
add_message(struct buf *b, const struct order *o, const struct sms *sms)
{
	char at[HANDLER_TIME_SIZE];

	handler_time(sms->at, at);
	buf_fmt(b, "{\"id\":%" PRId64 ",\"phoneFrom\":", sms->id);
	json_text(b, sms->sender);
	buf_text(b, ",\"code\":");
	if (*sms->code == '\0')
		buf_text(b, "null");
	else
		json_text(b, sms->code);
	buf_text(b, ",\"text\":");
	json_text(b, sms->text);
	buf_fmt(b, ",\"service\":\"%s\",\"date\":\"%s\",\"type\":\"sms\"}",
	    world_service(o->service)->code, at);
}

static void
status(struct visit *v, const struct order *o)
{
	struct buf *b = answer_start(v, 200, "application/json");
	const struct sms *sms = order_code(o);

	if (sms == NULL)
		sms = o->sms_last;
	buf_text(b, "{\"verificationType\":\"sms\",\"data\":");
	if (sms == NULL)
		buf_text(b, "null");
	else
		add_message(b, o, sms);
	buf_char(b, '}');
}

static void
active(struct visit *v)
{
	struct buf *b = answer_start(v, 200, "application/json");

	buf_text(b, "{\"status\":\"success\",\"data\":[");
	(void)handler_add_active(v, b, "true"); /* none is an empty list */
	buf_text(b, "]}");
}

/* ---- setStatus ---- */

static void
deny_new_otp(struct visit *v, struct order *o)
{
	struct buf info;

	o->warned = true;
	buf_init(&info, v->mem);
	buf_text(&info, "{\"data\":[");
	for (const struct sms *s = o->sms_first; s != NULL; s = s->next) {
		add_message(&info, o, s);
		if (s->next != NULL)
			buf_char(&info, ',');
	}
	buf_text(&info, "]}");
	deny(v, &(struct denial){.token = "NEW_OTP_RECEIVED", .info = info.at});
}

/* An unread SMS is shown first; sent again, the cancel ends the activation
 * without giving the money back. */
static void
cancel_with_sms(struct visit *v, struct order *o)
{
	if (o->seen) {
		handler_deny(v, "OTP_RECEIVED");
	} else if (!o->warned) {
		deny_new_otp(v, o);
	} else {
		(void)order_finish(v->market, o, v->now); /* it is open */
		answer_text(v, 200, "ACCESS_CANCEL");
	}
}

static void
cancel(struct visit *v, struct order *o)
{
	switch (order_cancel(v->market, o, v->now)) {
	case STEP_OK:
		answer_text(v, 200, "ACCESS_CANCEL");
		break;
	case STEP_EARLY:
		deny(v,
		    &(struct denial){.token = "EARLY_CANCEL_DENIED",
			.info = arena_fmt(v->mem,
			    "{\"minActivationTime\":%" PRId64 "}",
			    RULE(v->market, o->service, early_cancel_s))});
		break;
	case STEP_LATE:
		handler_deny(v, "FREE_CANCELLATION_EXPIRED");
		break;
	case STEP_HAS_SMS:
		cancel_with_sms(v, o);
		break;
	case STEP_NO_SMS:
	case STEP_CLOSED:
		handler_deny(v, "ACTIVATION_NOT_ACTIVE");
		break;
	}
}

static bool
finish(struct visit *v, struct order *o)
{
	switch (order_finish(v->market, o, v->now)) {
	case STEP_OK:
		answer_text(v, 200, "ACCESS_ACTIVATION");
		return true;
	case STEP_CLOSED:
		handler_deny(v, "ACTIVATION_NOT_ACTIVE");
		return true;
	case STEP_EARLY:
	case STEP_LATE:
	case STEP_HAS_SMS:
	case STEP_NO_SMS:
		break;
	}
	return false;
}

static void
retry(struct visit *v, struct order *o)
{
	if (order_retry(v->market, o, v->now) == STEP_OK)
		answer_text(v, 200, "ACCESS_RETRY_GET");
	else
		handler_deny(v, "ACTIVATION_NOT_ACTIVE");
}

static bool
set_status(struct visit *v, struct order *o, int64_t to)
{
	switch (to) {
	case 3:
		retry(v, o);
		return true;
	case 6:
		return finish(v, o);
	case 8:
		cancel(v, o);
		return true;
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
    .count_extra = COUNT_EXTRA,
    .ok_after_finish = true,
};

const struct dialect herosms_dialect = {
    .name = "herosms",
    .lifetime_s = HANDLER_LIFETIME_S,
    .recognise = handler_recognise,
    .serve = handler_serve,
    .refuse = handler_refuse,
    .manner = &manner,
};
