/*
 * compat_handler - the door of the handler_api protocol: one address, and an
 * action in its parameters. Every answer is 200; a bare word tells how it
 * went. docs/handler_api.md has the whole of it.
 */
#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "handler/compat_list.h"
#include "io/schema.h"
#include "service/compat.h"
#include "service/lease.h"
#include "service/number.h"
#include "web/members.h"

#define ORDER_ID_MAX   64
#define PRICE_DECIMALS 6

/* ---- getNumber, getNumberV2 ---- */

/* "" and 0 are no limit; decimals beyond micros are cut, never rounded up. */
static bool
read_max_price(struct ctx *c, const struct request *rq, int64_t *out)
{
	const char *text = compat_param(c, rq, "maxPrice");
	size_t whole;

	*out = 0;
	if (text == NULL)
		return true;
	whole = strcspn(text, ".");
	if (strspn(text + whole, ".0123456789") != strlen(text + whole))
		return false;
	text =
	    arena_fmt(c->mem, "%.*s", (int)(whole + 1 + PRICE_DECIMALS), text);
	return money_parse(text, out) && *out >= 0;
}

/* The client's own id of the order, 1 to 64 visible characters, as a key. */
static bool
read_order_id(struct ctx *c, const struct request *rq, const char **out)
{
	const char *text = compat_param(c, rq, "orderId");

	*out = NULL;
	if (text == NULL)
		return true;
	if (strlen(text) > ORDER_ID_MAX)
		return false;
	for (const char *p = text; *p != '\0'; p++)
		if (*p <= ' ' || *p > '~')
			return false;
	*out = arena_fmt(c->mem, "handler_api:%s", text);
	return true;
}

static void
print_number(struct ctx *c, const struct request *rq, struct response *rs,
    const struct number *n)
{
	struct buf *b = compat_json(rs);
	int64_t country = 0;

	if (compat_country(c, rq, 0, &country) != OK)
		ctx_forgive(c); /* it was read before */
	members_open(b, NULL, '{');
	members_int(b, "activationId", n->number);
	members_text(b, "phoneNumber", n->phone + 1);
	members_money(b, "activationCost", n->price);
	members_int(b, "currency", compat_currency(c));
	members_text(b, "countryCode", arena_fmt(c->mem, "%" PRId64, country));
	members_text(b, "canGetAnotherSms", "1");
	members_text(b, "activationTime", compat_time(c, n->created_at));
	members_text(b, "activationEndTime", compat_time(c, n->expires_at));
	members_text(b, "activationOperator", n->operator);
	members_close(b, '}');
}

static enum err
say_number(struct ctx *c, const struct request *rq, struct response *rs,
    const struct number *n)
{
	if (!text_eq_ci(compat_param(c, rq, "action"), "getNumberV2"))
		return compat_say(rs,
		    arena_fmt(c->mem, "ACCESS_NUMBER:%" PRId64 ":%s", n->number,
			n->phone + 1));
	print_number(c, rq, rs, n);
	return OK;
}

/* A purchase on its way; in the request's arena. */
struct buying {
	struct lease_ask ask;
	struct leased l;
};

static resume_fn buy_resume;

/*
 * This protocol has no "still under way". Until l->until the request waits;
 * at its end the lease is given up, unless a number has come.
 */
static enum err
answer(struct ctx *c, const struct request *rq, struct response *rs,
    const struct leased *l)
{
	struct number n = {0};

	if (l->repeated)
		return fail(c, ERR_IDEM_MISMATCH, "orderId was used");
	TRY(lease_outcome(c, l->id, &n));
	if (n.state == ACTIVATION_RESERVED && !rq->hurry &&
	    clock_mono() < l->until)
		return response_park(rs, l->id, l->until, buy_resume);
	if (n.state == ACTIVATION_RESERVED)
		TRY(lease_abandon(c, l->id, &n));
	if (n.state != ACTIVATION_ACTIVE && n.state != ACTIVATION_COMPLETED)
		return fail(c, ERR_NO_NUMBERS, "ended meanwhile");
	return say_number(c, rq, rs, &n);
}

static enum err
say_cheapest(struct ctx *c, struct response *rs, const struct lease_ask *ask)
{
	char text[MONEY_TEXT_SIZE];
	int64_t price;

	ctx_forgive(c);
	TRY(lease_cheapest(c, ask, &price));
	money_print_short(price, 2, text);
	return compat_say(rs, arena_fmt(c->mem, "WRONG_MAX_PRICE:%s", text));
}

static enum err
buy_resume(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct buying *b = rs->own;
	enum err e = OK;

	if (b->l.is_pending)
		e = lease_reserved(c, &b->ask, &b->l);
	if (e == ERR_NO_PRICE)
		return say_cheapest(c, rs, &b->ask);
	TRY(e);
	if (b->l.is_pending)
		return response_park(rs, b->l.id, b->l.last, buy_resume);
	return answer(c, rq, rs, &b->l);
}

static enum err
reserve(struct ctx *c, struct response *rs, const struct lease_ask *ask)
{
	struct buying *b = arena_one(c->mem, struct buying);

	b->ask = *ask;
	TRY(compat_take_lease(c));
	TRY(lease_reserve(c, &b->ask, &b->l));
	rs->own = b;
	return response_park(rs, b->l.id, b->l.until, buy_resume);
}

static enum err
buy(struct ctx *c, const struct request *rq, struct response *rs)
{
	const char *service = compat_param(c, rq, "service");
	struct lease_ask ask = {.door = "handler_api",
	    .operator= compat_operator(c, rq),
	    .reply_list = rq->reply_list};
	struct compat_place place = {0};
	int64_t country;

	if (!read_max_price(c, rq, &ask.max_price))
		return compat_say(rs, "BAD_MAX_PRICE");
	if (!read_order_id(c, rq, &ask.key))
		return compat_say(rs, "BAD_DATA");
	TRY(compat_country(c, rq, COMPAT_COUNTRY_ZERO, &country));
	TRY(compat_find(c, service != NULL ? service : "", country, &place));
	ask.service = place.service;
	ask.country = place.country;
	return reserve(c, rs, &ask);
}

/* ---- getStatus, getStatusV2, setStatus ---- */

/* Below 2^31; false when it is no number. */
static bool
read_id(struct ctx *c, const struct request *rq, int64_t *out)
{
	const char *text = compat_param(c, rq, "id");

	if (text == NULL)
		text = compat_param(c, rq, "activationId");
	return text != NULL && text_to_i64(text, 0, INT32_MAX, out);
}

static enum err
find_number(struct ctx *c, const struct request *rq, struct number *out)
{
	int64_t id;

	if (!read_id(c, rq, &id))
		return fail(c, ERR_NOT_FOUND, "id is no number");
	return number_find_short(c, id, out);
}

static const struct sms *
newest_sms(const struct number *n)
{
	const struct sms *all = n->messages.at;

	return n->messages.n > 0 ? &all[n->messages.n - 1] : NULL;
}

/* What the client enters: the code, or all of an SMS that has none. */
static const char *
code_of(struct ctx *c, const struct number *n)
{
	const struct sms *sms = newest_sms(n);

	if (n->code != NULL)
		return compat_line(c, n->code);
	return sms == NULL ? NULL : compat_line(c, sms->text);
}

static bool
is_over(const struct number *n)
{
	return n->state != ACTIVATION_RESERVED &&
	    n->state != ACTIVATION_ACTIVE && n->state != ACTIVATION_COMPLETED;
}

/* STATUS_OK stays after the finish: clients may ask once more. */
static enum err
get_status(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct number n = {0};
	const char *code;

	TRY(find_number(c, rq, &n));
	code = code_of(c, &n);
	if (is_over(&n))
		return compat_say(rs, "STATUS_CANCEL");
	if (code == NULL)
		return compat_say(rs, "STATUS_WAIT_CODE");
	return compat_say(rs,
	    arena_fmt(c->mem, "%s:%s",
		n.awaits_more ? "STATUS_WAIT_RETRY" : "STATUS_OK", code));
}

static enum err
get_status_v2(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct number n = {0};
	const struct sms *sms;
	struct buf *b;

	TRY(find_number(c, rq, &n));
	if (is_over(&n))
		return compat_say(rs, "STATUS_CANCEL");
	sms = newest_sms(&n);
	b = compat_json(rs);
	members_open(b, NULL, '{');
	members_int(b, "verificationType", 0);
	if (sms == NULL) {
		members_text(b, "sms", NULL);
	} else {
		members_open(b, "sms", '{');
		members_text(b, "dateTime", compat_time(c, sms->received_at));
		members_text(b, "code", sms->code);
		members_text(b, "text", sms->text);
		members_close(b, '}');
	}
	members_text(b, "call", NULL);
	members_close(b, '}');
	return OK;
}

/* "The SMS was sent": nothing changes for us. */
static enum err
keep(struct ctx *c, const char *id, struct number *out)
{
	(void)c;
	(void)id;
	(void)out;
	return OK;
}

typedef enum err change_fn(struct ctx *c, const char *id, struct number *out);

static const struct {
	int64_t status;
	change_fn *run;
	const char *word;
} changes[] = {
    {-1, number_cancel_now, "ACCESS_CANCEL"},
    {1, keep, "ACCESS_READY"},
    {3, number_resend, "ACCESS_RETRY_GET"},
    {6, compat_finish, "ACCESS_ACTIVATION"},
    {8, number_cancel_now, "ACCESS_CANCEL"},
};
#define CHANGES (sizeof(changes) / sizeof(changes[0]))

static enum err
set_status(struct ctx *c, const struct request *rq, struct response *rs)
{
	const char *text = compat_param(c, rq, "status");
	struct number n = {0};
	int64_t status;
	int64_t id;
	size_t i = 0;

	if (!read_id(c, rq, &id))
		return compat_say(rs, "WRONG_ACTIVATION_ID");
	TRY(number_find_short(c, id, &n));
	if (text == NULL || !text_to_i64(text, -1, INT32_MAX, &status))
		return compat_say(rs, "BAD_STATUS");
	while (i < CHANGES && changes[i].status != status)
		i++;
	if (i == CHANGES)
		return compat_say(rs, "BAD_STATUS");
	TRY(changes[i].run(c, n.id, &n));
	return compat_say(rs, changes[i].word);
}

/* ---- the table ---- */

static const struct {
	const char *name;
	handler_fn *run;
} actions[] = {
    {"getActiveActivations", compat_active_list},
    {"getBalance", compat_balance},
    {"getCountries", compat_country_list},
    {"getNumber", buy},
    {"getNumberV2", buy},
    {"getNumbersStatus", compat_stock_list},
    {"getPrices", compat_price_list},
    {"getServicesList", compat_service_list},
    {"getStatus", get_status},
    {"getStatusV2", get_status_v2},
    {"setStatus", set_status},
};

/* The parameters are those of the action, which reads them itself. */
SCHEMA_EMPTY(compat_handler_in);

enum err
compat_handler(struct ctx *c, const struct request *rq, struct response *rs)
{
	const char *name = compat_param(c, rq, "action");

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++)
		if (name != NULL && text_eq_ci(name, actions[i].name))
			return actions[i].run(c, rq, rs);
	return compat_say(rs, "BAD_ACTION");
}

/* The same with parameters in the body, too. */
SCHEMA_EMPTY(compat_handler_form_in);

enum err
compat_handler_form(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	return compat_handler(c, rq, rs);
}
