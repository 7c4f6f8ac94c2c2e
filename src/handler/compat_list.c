#include "handler/compat_list.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "service/catalogue.h"
#include "service/compat.h"
#include "service/wallet.h"
#include "web/members.h"

#define ACTIVE_MOST 100
#define ANY_COUNTRY (-1)

enum err
compat_say(struct response *rs, const char *word)
{
	response_text(rs, 200, word);
	return OK;
}

struct buf *
compat_json(struct response *rs)
{
	response_bytes(rs, 200, "application/json", "", 0);
	return &rs->body;
}

const char *
compat_param(struct ctx *c, const struct request *rq, const char *name)
{
	const char *value = request_param(c, rq, name);

	if (value == NULL)
		return NULL;
	value = text_trim(c->mem, value);
	return *value == '\0' ? NULL : value;
}

enum err
compat_country(
    struct ctx *c, const struct request *rq, int64_t otherwise, int64_t *out)
{
	const char *text = compat_param(c, rq, "country");

	*out = otherwise;
	if (text != NULL && !text_to_i64(text, 0, INT32_MAX, out))
		return fail(c, ERR_UNKNOWN_COUNTRY, "country is no number");
	if (*out == 0)
		*out = COMPAT_COUNTRY_ZERO;
	return OK;
}

const char *
compat_operator(struct ctx *c, const struct request *rq)
{
	const char *list = compat_param(c, rq, "operator");
	const char *first;

	if (list == NULL)
		return NULL;
	first = arena_strndup(c->mem, list, strcspn(list, ","));
	first = text_lower(c->mem, text_trim(c->mem, first));
	return *first == '\0' || text_eq(first, "any") ? NULL : first;
}

const char *
compat_time(struct ctx *c, int64_t us)
{
	char text[CLOCK_TEXT_SIZE];

	clock_print(us, text);
	return arena_fmt(c->mem, "%.10s %.8s", text, text + 11);
}

const char *
compat_line(struct ctx *c, const char *text)
{
	char *out;
	size_t n = 0;

	if (text == NULL)
		return NULL;
	out = arena_alloc(c->mem, strlen(text) + 1, 1);
	for (; *text != '\0'; text++)
		if (*text != '\r' && *text != '\n')
			out[n++] = *text;
	return out;
}

enum err
compat_balance(struct ctx *c, const struct request *rq, struct response *rs)
{
	char text[MONEY_TEXT_SIZE];
	struct wallet w;

	(void)rq;
	TRY(wallet_find(c, c->user, &w));
	money_print_short(w.available, 2, text);
	return compat_say(rs, arena_fmt(c->mem, "ACCESS_BALANCE:%s", text));
}

static enum err
read_prices(struct ctx *c, const struct request *rq, struct list *out)
{
	int64_t country;

	TRY(compat_country(c, rq, ANY_COUNTRY, &country));
	return compat_prices(c, compat_param(c, rq, "service"), country,
	    compat_operator(c, rq), out);
}

/* {"16":{"tg":{"cost":0.35,"count":9,"physicalCount":9}}} */
enum err
compat_price_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};
	const struct compat_price *row;
	struct buf *b;

	TRY(read_prices(c, rq, &list));
	row = list.at;
	b = compat_json(rs);
	members_open(b, NULL, '{');
	for (size_t i = 0; i < list.n; i++) {
		if (i == 0 || row[i].country != row[i - 1].country)
			members_open(b,
			    arena_fmt(c->mem, "%" PRId64, row[i].country), '{');
		members_open(b, row[i].service, '{');
		members_money(b, "cost", row[i].price);
		members_int(b, "count", row[i].stock);
		members_int(b, "physicalCount", row[i].stock);
		members_close(b, '}');
		if (i + 1 == list.n || row[i].country != row[i + 1].country)
			members_close(b, '}');
	}
	members_close(b, '}');
	return OK;
}

/* {"tg":90,"tg_0":90}: old clients look for the second form. */
enum err
compat_stock_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};
	const struct compat_price *row;
	int64_t country;
	struct buf *b;

	TRY(compat_country(c, rq, COMPAT_COUNTRY_ZERO, &country));
	TRY(compat_prices(c, NULL, country, compat_operator(c, rq), &list));
	row = list.at;
	b = compat_json(rs);
	members_open(b, NULL, '{');
	for (size_t i = 0; i < list.n; i++) {
		members_int(b, row[i].service, row[i].stock);
		members_int(
		    b, arena_fmt(c->mem, "%s_0", row[i].service), row[i].stock);
	}
	members_close(b, '}');
	return OK;
}

/* We have one name of a country; the protocol has three. */
static void
add_country(struct ctx *c, struct buf *b, const struct country_row *row)
{
	static const char *const yes[] = {"visible", "retry"};
	static const char *const no[] = {"rent", "multiService"};

	members_open(b, arena_fmt(c->mem, "%" PRId64, row->handler_api), '{');
	members_int(b, "id", row->handler_api);
	members_text(b, "rus", row->name);
	members_text(b, "eng", row->name);
	members_text(b, "chn", row->name);
	for (size_t i = 0; i < sizeof(yes) / sizeof(yes[0]); i++)
		members_int(b, yes[i], 1);
	for (size_t i = 0; i < sizeof(no) / sizeof(no[0]); i++)
		members_int(b, no[i], 0);
	members_close(b, '}');
}

enum err
compat_country_list(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};
	const struct country_row *row;
	struct buf *b;

	(void)rq;
	TRY(catalogue_countries(c, &list));
	row = list.at;
	b = compat_json(rs);
	members_open(b, NULL, '{');
	for (size_t i = 0; i < list.n; i++)
		if (row[i].handler_api >= 0)
			add_country(c, b, &row[i]);
	members_close(b, '}');
	return OK;
}

enum err
compat_service_list(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};
	const struct service_row *row;
	struct buf *b;

	(void)rq;
	TRY(catalogue_services(c, &list));
	row = list.at;
	b = compat_json(rs);
	members_open(b, NULL, '{');
	members_text(b, "status", "success");
	members_open(b, "services", '[');
	for (size_t i = 0; i < list.n; i++) {
		if (row[i].handler_api == NULL)
			continue;
		members_open(b, NULL, '{');
		members_text(b, "code", row[i].handler_api);
		members_text(b, "name", row[i].name);
		members_close(b, '}');
	}
	members_close(b, ']');
	members_close(b, '}');
	return OK;
}

/* 4 waits, 2 has a code, 3 waits for a further one. */
static const char *
status_of(const struct compat_active *row)
{
	if (row->awaits_more)
		return "3";
	return row->text == NULL ? "4" : "2";
}

static void
add_active(struct ctx *c, struct buf *b, const struct compat_active *row)
{
	members_open(b, NULL, '{');
	members_text(
	    b, "activationId", arena_fmt(c->mem, "%" PRId64, row->number));
	members_text(b, "serviceCode", row->service);
	members_text(b, "phoneNumber", row->phone + 1);
	members_money(b, "activationCost", row->price);
	members_text(b, "activationStatus", status_of(row));
	if (row->text == NULL) {
		members_text(b, "smsCode", NULL);
	} else {
		members_open(b, "smsCode", '[');
		members_text(
		    b, NULL, row->code != NULL ? row->code : row->text);
		members_close(b, ']');
	}
	members_text(b, "smsText", row->text);
	members_text(b, "activationTime", compat_time(c, row->created_at));
	members_text(b, "discount", "0.00");
	members_text(b, "repeated", "0");
	members_text(
	    b, "countryCode", arena_fmt(c->mem, "%" PRId64, row->country));
	members_text(b, "countryName", row->country_name);
	members_text(b, "canGetAnotherSms", "1");
	members_int(b, "currency", compat_currency(c));
	members_close(b, '}');
}

static int64_t
count_param(struct ctx *c, const struct request *rq, const char *name,
    int64_t most, int64_t otherwise)
{
	const char *text = compat_param(c, rq, name);
	int64_t n;

	return text != NULL && text_to_i64(text, 0, most, &n) ? n : otherwise;
}

/* Clients of one server read activeActivations, those of the other data. */
enum err
compat_active_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	static const char *const names[] = {"activeActivations", "data"};
	struct list list = {0};
	const struct compat_active *row;
	struct buf *b;

	TRY(compat_active(c, count_param(c, rq, "start", INT32_MAX, 0),
	    count_param(c, rq, "limit", ACTIVE_MOST, ACTIVE_MOST), &list));
	if (list.n == 0)
		return compat_say(rs, "NO_ACTIVATIONS");
	row = list.at;
	b = compat_json(rs);
	members_open(b, NULL, '{');
	members_text(b, "status", "success");
	for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
		members_open(b, names[n], '[');
		for (size_t i = 0; i < list.n; i++)
			add_active(c, b, &row[i]);
		members_close(b, ']');
	}
	members_close(b, '}');
	return OK;
}
