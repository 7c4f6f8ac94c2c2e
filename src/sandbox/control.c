#include "sandbox/control.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/ctx.h"
#include "base/money.h"
#include "base/text.h"
#include "io/httpd.h"
#include "io/js.h"
#include "io/schema.h"
#include "sandbox/json_out.h"
#include "sandbox/sandbox.h"

#define JSON           "application/json"
#define ORDERS_DEFAULT 1000
#define MS_MAX         INT64_C(3600000)

struct fault_in {
	const char *op;
	const char *kind;
	const char *service;
	const char *country;
	const char *type;
	const char *body;
	int64_t count;
	int64_t delay_ms;
	int64_t bytes;
	int64_t step;
	int64_t retry_after_s;
	int64_t price;
	int64_t status;
};

static const struct field fault_in_fields[] = {
    FIELD(fault_in, op, TEXT, OPTIONAL),
    FIELD(fault_in, kind, TEXT, REQUIRED),
    FIELD(fault_in, service, TEXT, OPTIONAL),
    FIELD(fault_in, country, TEXT, OPTIONAL),
    FIELD(fault_in, type, TEXT, OPTIONAL),
    FIELD(fault_in, body, TEXT, OPTIONAL, .lines = true),
    FIELD(fault_in, count, INT, OPTIONAL, .lo = -1, .hi = 1000000, .def = 1),
    FIELD(fault_in, delay_ms, INT, OPTIONAL, .lo = 0, .hi = MS_MAX),
    FIELD(fault_in, bytes, INT, OPTIONAL, .lo = 1, .hi = INT64_C(1) << 40),
    FIELD(fault_in, step, INT, OPTIONAL, .lo = 1, .hi = 1 << 20),
    FIELD(fault_in, retry_after_s, INT, OPTIONAL, .lo = 1, .hi = 86400),
    FIELD(fault_in, price, MONEY, OPTIONAL, .lo = 1, .hi = 1000000 * MONEY_ONE),
    FIELD(fault_in, status, INT, OPTIONAL, .lo = 100, .hi = 599),
};
static SCHEMA(fault_in);

struct sms_in {
	int64_t order;
	const char *text;
	const char *code;
};

static const struct field sms_in_fields[] = {
    FIELD(sms_in, order, INT, REQUIRED, .lo = 0, .hi = INT64_MAX),
    FIELD(sms_in, text, TEXT, REQUIRED, .lo = 1, .hi = 2000, .lines = true),
    FIELD(sms_in, code, TEXT, OPTIONAL, .lo = 0, .hi = 100, .lines = true),
};
static SCHEMA(sms_in);

struct order_in {
	int64_t id;
	const char *status;
};

static const struct field order_in_fields[] = {
    FIELD(order_in, id, INT, REQUIRED, .lo = 0, .hi = INT64_MAX),
    FIELD(order_in, status, TEXT, REQUIRED),
};
static SCHEMA(order_in);

/* ---- answers ---- */

static void
answer_error(struct visit *v, int status, const char *why)
{
	struct buf *b = answer_start(v, status, JSON);

	buf_text(b, "{\"error\":");
	json_text(b, why);
	buf_char(b, '}');
}

static void
answer_done(struct visit *v)
{
	buf_fmt(answer_start(v, 200, JSON), "{\"faults\":%zu}",
	    v->box->script.count);
}

/* The body as a struct; NULL after an error answer. */
static const void *
read_body(struct visit *v, const struct schema *s)
{
	struct ctx c = {.mem = v->mem, .op = "control"};
	struct schema_source from = {0};
	void *in = NULL;
	const struct field_error *bad;

	from.body = httpd_body(v->call, &from.body_size);
	if (schema_read(&c, s, &from, &in) == OK)
		return in;
	if (c.faults == NULL) {
		answer_error(v, 400, c.err_why);
		return NULL;
	}
	bad = &c.faults->list[0];
	answer_error(v, 400,
	    arena_fmt(v->mem, "%s: %s", bad->field,
		bad->detail == NULL ? bad->code : bad->detail));
	return NULL;
}

/* ---- POST /control/fault ---- */

static const char *
keep(struct visit *v, const char *text)
{
	return arena_dup(v->market->mem, text);
}

static const char *
unknown_kind(struct visit *v)
{
	struct buf b;

	buf_init(&b, v->mem);
	buf_text(&b, "kind: must be one of ");
	fault_kinds_print(&b);
	return b.at;
}

/* What is wrong with the names of a fault; NULL for nothing. */
static const char *
name_fault(struct visit *v, const struct fault_in *in, struct fault *f)
{
	f->kind = fault_kind_find(in->kind);
	f->op = op_find(in->op == NULL ? "buy" : in->op);
	f->service = world_service_by_any(in->service);
	f->country = world_country_by_any(in->country);
	if (f->kind == NULL)
		return unknown_kind(v);
	if (f->op > OP_ANY)
		return "op: unknown";
	if (in->service != NULL && f->service == WORLD_NONE)
		return "service: unknown";
	if (in->country != NULL && f->country == WORLD_NONE)
		return "country: unknown";
	if (f->kind->act == ACT_TWIST && f->op != OP_buy)
		return "op: this kind is for buy only";
	if (f->service != WORLD_NONE && f->op != OP_buy)
		return "service: only a buy names one";
	return NULL;
}

static void
post_fault(struct visit *v)
{
	const struct fault_in *in = read_body(v, &fault_in_schema);
	struct fault f;
	const char *wrong;

	if (in == NULL)
		return;
	f = (struct fault){.count = in->count,
	    .delay_ms = in->delay_ms,
	    .bytes = in->bytes,
	    .step = in->step,
	    .retry_after_s = in->retry_after_s,
	    .price = in->price,
	    .status = (int)in->status,
	    .type = keep(v, in->type),
	    .body = keep(v, in->body)};
	wrong = name_fault(v, in, &f);
	if (wrong == NULL && f.count == 0)
		wrong = "count: must not be 0";
	if (wrong == NULL && !script_add(&v->box->script, &f))
		wrong = "the script is full";
	if (wrong != NULL)
		answer_error(v, 400, wrong);
	else
		answer_done(v);
}

/* ---- the other POSTs ---- */

static void
post_set(struct visit *v)
{
	struct ctx c = {.mem = v->mem, .op = "control"};
	const struct js *body;
	const char *text;
	const char *wrong;
	size_t len;

	text = httpd_body(v->call, &len);
	if (js_parse(&c, text, len, &body) != OK ||
	    js_type(body) != JS_OBJECT) {
		answer_error(v, 400, "the body must be a JSON object");
		return;
	}
	wrong = control_set(v, body);
	if (wrong != NULL)
		answer_error(v, 400, wrong);
	else
		answer_done(v);
}

static struct order *
find(struct visit *v, int64_t id)
{
	struct order *o = order_find(v->market, id, v->now);

	if (o == NULL)
		answer_error(v, 404, "no such order");
	return o;
}

static void
post_sms(struct visit *v)
{
	const struct sms_in *in = read_body(v, &sms_in_schema);
	struct order *o = in == NULL ? NULL : find(v, in->order);
	struct sms *sms;

	if (o == NULL)
		return;
	sms = sms_from_text(v->market->mem, o->service, in->text);
	if (in->code != NULL)
		sms->code = keep(v, in->code);
	if (order_receive(v->market, o, sms, v->now) != STEP_OK)
		answer_error(v, 409, "the order is closed");
	else
		answer_done(v);
}

static void
post_order(struct visit *v)
{
	const struct order_in *in = read_body(v, &order_in_schema);
	struct order *o = in == NULL ? NULL : find(v, in->id);
	enum order_state to;

	if (o == NULL)
		return;
	to = order_state_find(in->status);
	if (to == ORDER_STATE__MAX) {
		answer_error(v, 400, "status: unknown");
		return;
	}
	order_force(v->market, o, to, v->now);
	answer_done(v);
}

static void
post_clear(struct visit *v)
{
	script_clear(&v->box->script);
	market_reset_rules(v->market);
	memset(v->box->calls, 0, sizeof(v->box->calls));
	v->box->load.most_at_once = v->box->load.at_once;
	v->box->load.in_second = v->box->load.most_in_second = 0;
	v->box->script.used = 0;
	v->box->clears++;
	v->box->unauthorised = 0;
	answer_done(v);
}

/* ---- GET /control/state ---- */

static void
add_money(struct buf *b, const char *name, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	money_print(micros, text);
	json_comma(b);
	buf_fmt(b, "\"%s\":\"%s\"", name, text);
}

static void
add_time(struct buf *b, const char *name, int64_t us)
{
	char text[CLOCK_TEXT_SIZE];

	clock_print(us, text);
	buf_fmt(b, ",\"%s\":\"%s\"", name, text);
}

static void
add_sms(struct buf *b, const struct sms *s)
{
	json_comma(b);
	buf_text(b, "{\"sender\":");
	json_text(b, s->sender);
	buf_text(b, ",\"text\":");
	json_text(b, s->text);
	buf_text(b, ",\"code\":");
	json_text(b, s->code);
	add_time(b, "at", s->at);
	buf_char(b, '}');
}

static void
add_order(struct buf *b, const struct order *o)
{
	json_comma(b);
	buf_fmt(b,
	    "{\"id\":%" PRId64 ",\"service\":\"%s\",\"country\":\"%s\","
	    "\"operator\":\"%s\",\"state\":\"%s\",\"phone\":\"%s\","
	    "\"answers\":%d,\"asked\":%d,\"asked_gap_ms\":%" PRId64 ",",
	    o->id, world_service(o->service)->slug,
	    world_country(o->country)->slug, market_operator_name(o->op),
	    order_state_name(o->state), o->phone, o->answers, o->asked,
	    o->asked_gap / CLOCK_MS);
	buf_text(b, "\"ref\":");
	if (o->ref == NULL)
		buf_text(b, "null");
	else
		json_text(b, o->ref);
	add_money(b, "price", o->price);
	add_money(b, "refunded", o->refunded);
	buf_fmt(b, ",\"refunds\":%" PRId64 ",\"refund\":", o->refunds);
	json_text(b,
	    order_is_open(o) || o->manner.name == NULL ? "" : o->manner.name);
	buf_fmt(
	    b, ",\"refund_waits\":%s", o->refund_due != 0 ? "true" : "false");
	add_time(b, "created_at", o->created);
	add_time(b, "expires_at", o->expires);
	buf_text(b, ",\"sms\":[");
	for (const struct sms *s = o->sms_first; s != NULL; s = s->next)
		add_sms(b, s);
	buf_text(b, "]}");
}

/* The newest `max` orders, oldest of them first. */
static void
add_orders(struct visit *v, struct buf *b, int64_t max)
{
	int64_t n = v->market->order_count;

	for (int64_t i = n > max ? n - max : 0; i < n; i++)
		add_order(b, order_at(v->market, i, v->now));
}

static void
add_calls(struct visit *v, struct buf *b)
{
	buf_text(b, ",\"calls\":{");
	for (int i = 0; i < OP__MAX; i++) {
		json_comma(b);
		buf_fmt(b, "\"%s\":%" PRId64, op_name((enum op)i),
		    v->box->calls[i]);
	}
	buf_char(b, '}');
}

static void
get_state(struct visit *v)
{
	const struct market *m = v->market;
	const char *text = httpd_param(v->call, "orders");
	int64_t max = ORDERS_DEFAULT;
	struct buf *b = answer_start(v, 200, JSON);

	if (text != NULL && !text_to_i64(text, 0, INT64_MAX, &max)) {
		answer_error(v, 400, "orders: must be a number");
		return;
	}
	order_settle(v->market, v->now);
	buf_text(b, "{\"name\":");
	json_text(b, v->box->name);
	buf_fmt(b, ",\"dialect\":\"%s\"", v->box->dialect->name);
	add_money(b, "balance", m->account.balance);
	add_money(b, "frozen", m->account.frozen);
	add_money(b, "spent", m->account.spent);
	add_money(b, "lost", m->account.lost);
	add_money(b, "rating", m->account.rating * (MONEY_ONE / 100));
	buf_fmt(b,
	    ",\"sold\":%" PRId64 ",\"open\":%" PRId64
	    ",\"unauthorised\":%" PRId64 ",\"faults_waiting\":%zu"
	    ",\"faults_used\":%" PRId64 ",\"most_at_once\":%" PRId64
	    ",\"most_in_second\":%" PRId64,
	    m->order_count, m->open_count, v->box->unauthorised,
	    v->box->script.count, v->box->script.used,
	    v->box->load.most_at_once, v->box->load.most_in_second);
	add_calls(v, b);
	buf_text(b, ",\"orders\":[");
	add_orders(v, b, max);
	buf_text(b, "]}");
}

/* ---- dispatch ---- */

void
control_serve(struct visit *v)
{
	static const struct {
		const char *method;
		const char *path;
		void (*serve)(struct visit *v);
	} rows[] = {
	    {"GET", "/control/state", get_state},
	    {"POST", "/control/clear", post_clear},
	    {"POST", "/control/fault", post_fault},
	    {"POST", "/control/order", post_order},
	    {"POST", "/control/set", post_set},
	    {"POST", "/control/sms", post_sms},
	};
	const char *key = httpd_header(v->call, "X-Control");

	if (!text_eq(key, v->box->control_key)) {
		answer_error(v, 403, "X-Control is missing or wrong");
		return;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		if (!text_eq(httpd_path(v->call), rows[i].path) ||
		    !text_eq(httpd_method(v->call), rows[i].method))
			continue;
		rows[i].serve(v);
		return;
	}
	answer_error(v, 404, "no such control");
}
