/* activation - leasing numbers and what may be done with them. */
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "io/rules.h"
#include "io/schema.h"
#include "service/lease.h"
#include "service/number.h"
#include "service/wake.h"
#include "web/route.h"

#define LIST_DEFAULT 50
#define LIST_MAX     100
#define WAIT_MAX     30

static const struct field sms_fields[] = {
    FIELD(sms, sender, TEXT, REQUIRED),
    FIELD(sms, text, TEXT, REQUIRED, .secret = true),
    FIELD(sms, code, TEXT, OPTIONAL, .nullable = true, .secret = true),
    FIELD(sms, received_at, TIME, REQUIRED),
};
static SCHEMA(sms);

static const struct field number_fields[] = {
    FIELD(number, id, ID, REQUIRED),
    FIELD(number, number, INT, REQUIRED,
	.doc = "Short id, for the handler_api and 5sim protocols."),
    FIELD(number, service, TEXT, REQUIRED),
    FIELD(number, country, TEXT, REQUIRED),
    FIELD(number, operator, TEXT, REQUIRED),
    FIELD(number, phone, TEXT, OPTIONAL, .nullable = true, .doc = "E.164."),
    FIELD(number, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(number, price, MONEY, REQUIRED,
	.doc = "Held; the most that is charged."),
    FIELD(number, charged, MONEY, REQUIRED, .doc = "0 until an SMS arrives."),
    FIELD(number, code, TEXT, OPTIONAL, .nullable = true, .secret = true,
	.doc = "The newest code."),
    FIELD(number, messages, LIST, REQUIRED, .sub = &sms_schema),
    FIELD(number, created_at, TIME, REQUIRED),
    FIELD(number, expires_at, TIME, OPTIONAL, .nullable = true),
    FIELD(number, cancel_available_at, TIME, OPTIONAL, .nullable = true,
	.doc = "Not before then does the provider take it back."),
    FIELD(number, closed_at, TIME, OPTIONAL, .nullable = true),
};
SCHEMA(number);

/* POST /numbers */
struct activation_lease_in {
	const char *service, *country, *operator, * quote;
	int64_t max_price;
};
static const struct field activation_lease_in_fields[] = {
    FIELD(activation_lease_in, service, TEXT, OPTIONAL, .lo = 1, .hi = 32,
	.check = is_slug, .doc = "Service and country may be the quote's."),
    FIELD(activation_lease_in, country, TEXT, OPTIONAL, .lo = 2, .hi = 2,
	.check = is_country_code),
    FIELD(activation_lease_in, quote, TEXT, OPTIONAL, .lo = 1, .hi = 1024,
	.doc = "Of POST /quotes: its price is the most that is charged."),
    FIELD(activation_lease_in, operator, TEXT, OPTIONAL, .lo = 1, .hi = 32,
	.check = is_slug),
    FIELD(activation_lease_in, max_price, MONEY, OPTIONAL, .lo = 1,
	.hi = INT64_C(1000000000000)),
};
SCHEMA(activation_lease_in);

static struct lease_ask
ask_of(const struct request *rq)
{
	const struct activation_lease_in *in = rq->in;

	return (struct lease_ask){.service = in->service,
	    .country = in->country,
	    .operator= in->operator,
	    .max_price = in->max_price,
	    .quote = in->quote,
	    .door = rq->door == DOOR_V1 ? "v1" : "web",
	    .key = rq->idem_key,
	    .reply_list = rq->reply_list};
}

/* The first answer of this key, byte for byte; a failure stays one. */
static enum err
replay(struct ctx *c, struct response *rs, const struct leased *l)
{
	response_header(rs, "Idempotency-Replayed", "true");
	if (l->answer_status >= 400)
		return fail(c, ERR_NO_NUMBERS, "replayed");
	response_bytes(rs, (int)l->answer_status, "application/json", l->answer,
	    strlen(l->answer));
	return OK;
}

/*
 * Keep the answer for the key. Of two requests at once with one key both are
 * given the answer that was kept first. Failing to keep it costs a repeated
 * request one look at the row, so it fails nothing.
 */
static enum err
keep(struct ctx *c, const struct request *rq, struct response *rs,
    const struct leased *answer)
{
	struct lease_ask ask = ask_of(rq);
	struct leased before = {0};
	bool first = true;

	if (lease_answer(c, &ask, answer, &before, &first) != OK)
		ctx_forgive(c);
	return first ? OK : replay(c, rs, &before);
}

/*
 * Answer with what has become of the lease (`outcome` is what lease_outcome()
 * said): 201 a number, 202 still open. Only a definitive answer is kept for
 * the key.
 */
static enum err
answer_lease(struct ctx *c, const struct request *rq, struct response *rs,
    enum err outcome, const struct number *n)
{
	const struct leased *l = rs->own;
	struct leased answer = {.id = l->id, .answer_status = 201};

	if (outcome == ERR_NO_NUMBERS) {
		answer.answer_status = err_row(outcome)->http;
		answer.answer = "";
		TRY(keep(c, rq, rs, &answer));
		return fail(c, ERR_NO_NUMBERS, "lease %s", l->id);
	}
	TRY(outcome);
	if (n->state == ACTIVATION_RESERVED) {
		response_json(c, rs, 202, &number_schema, n);
		return OK;
	}
	response_json(c, rs, 201, &number_schema, n);
	answer.answer = rs->body.at;
	return keep(c, rq, rs, &answer);
}

static resume_fn lease_resume;

/* Not longer than the outcome is waited for, but until it is decided. */
static enum err
lease_park(struct response *rs, const struct leased *l)
{
	return response_park(rs, l->id,
	    l->is_pending && clock_mono() >= l->until ? l->last : l->until,
	    lease_resume);
}

/*
 * Decided since we parked. Perhaps it was the outcome that woke us. Of a
 * repeated one the worker tells the first request's process: watch, and then
 * look; what happens between the two is not lost.
 */
static enum err
lease_decided(struct ctx *c, const struct request *rq, struct response *rs,
    const struct leased *l)
{
	struct number n = {0};
	enum err e;

	if (l->answer_status > 0)
		return replay(c, rs, l);
	if (l->repeated && l->is_open)
		wake_watch(c, l->id, rq->reply_list);
	e = lease_outcome(c, l->id, &n);
	if (e == OK && n.state == ACTIVATION_RESERVED && !rq->hurry &&
	    clock_mono() < l->until)
		return lease_park(rs, l);
	return answer_lease(c, rq, rs, e, &n);
}

static enum err
lease_resume(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct leased *l = rs->own;
	struct lease_ask ask = ask_of(rq);
	struct number n = {0};
	enum err e;

	if (!l->is_pending) {
		e = lease_outcome(c, l->id, &n);
		return answer_lease(c, rq, rs, e, &n);
	}
	TRY(lease_reserved(c, &ask, l));
	if (l->is_pending)
		return lease_park(rs, l);
	return lease_decided(c, rq, rs, l);
}

enum err
activation_lease(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct lease_ask ask = ask_of(rq);
	struct leased *l = arena_one(c->mem, struct leased);

	rs->own = l;
	TRY(lease_reserve(c, &ask, l));
	if (l->is_pending)
		return lease_park(rs, l);
	return lease_decided(c, rq, rs, l);
}

/* GET /numbers */
struct activation_list_in {
	int state;
	const char *cursor;
	int64_t limit;
};
static const char *const states[] = {"all", "reserved", "active", "completed",
    "cancelling", "cancelled", "expired", "failed", NULL};
static const struct field activation_list_in_fields[] = {
    FIELD(activation_list_in, state, ENUM, OPTIONAL, .from = FROM_QUERY,
	.names = states),
    FIELD(activation_list_in, cursor, ID, OPTIONAL, .from = FROM_QUERY),
    FIELD(activation_list_in, limit, INT, OPTIONAL, .from = FROM_QUERY, .lo = 1,
	.hi = LIST_MAX),
};
SCHEMA(activation_list_in);

enum err
activation_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct activation_list_in *in = rq->in;
	struct number_query q = {
	    .state = in->state > 0 ? states[in->state] : NULL,
	    .before = in->cursor,
	    .limit = in->limit > 0 ? (int)in->limit : LIST_DEFAULT};
	const struct number *all;
	struct list list = {0};

	TRY(number_list(c, &q, &list));
	all = list.at;
	response_list(c, rs, &number_schema, list.at, list.n,
	    list.n == (size_t)q.limit ? all[list.n - 1].id : NULL);
	return OK;
}

/* GET /numbers/{id} */
struct activation_read_in {
	const char *id;
	int64_t wait;
};
static const struct field activation_read_in_fields[] = {
    FIELD(activation_read_in, id, ID, REQUIRED, .from = FROM_PATH),
    FIELD(activation_read_in, wait, INT, OPTIONAL, .from = FROM_QUERY, .lo = 0,
	.hi = WAIT_MAX, .doc = "Seconds to wait for news before answering."),
};
SCHEMA(activation_read_in);

static enum err
read_now(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct activation_read_in *in = rq->in;
	struct number n = {0};

	TRY(number_find(c, in->id, &n));
	response_json(c, rs, 200, &number_schema, &n);
	return OK;
}

/* Open, and what is known of it may grow. */
static bool
may_change(const struct number *n)
{
	return n->closed_at == 0;
}

enum err
activation_read(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct activation_read_in *in = rq->in;
	struct number n = {0};

	if (in->wait == 0 || rq->hurry)
		return read_now(c, rq, rs);
	/* Watch first: news between the look and the wait are not lost. */
	wake_watch(c, in->id, rq->reply_list);
	TRY(number_find(c, in->id, &n));
	if (!may_change(&n)) {
		response_json(c, rs, 200, &number_schema, &n);
		return OK;
	}
	return response_park(
	    rs, in->id, clock_mono() + in->wait * CLOCK_SECOND, read_now);
}

/* POST /numbers/{id}/cancel, /finish, /resend */
struct activation_change_in {
	const char *id;
};
#define CHANGE(op)                                                            \
	static const struct field op##_in_fields[] = {                        \
	    FIELD(activation_change_in, id, ID, REQUIRED, .from = FROM_PATH), \
	};                                                                    \
	const struct schema op##_in_schema = {.name = #op "_in",              \
	    .size = sizeof(struct activation_change_in),                      \
	    .fields = op##_in_fields,                                         \
	    .count = 1}

typedef enum err change_fn(struct ctx *c, const char *id, struct number *out);

static enum err
change(struct ctx *c, const struct request *rq, struct response *rs,
    change_fn *run)
{
	const struct activation_change_in *in = rq->in;
	struct number n = {0};

	TRY(run(c, in->id, &n));
	response_json(c, rs, 200, &number_schema, &n);
	return OK;
}

CHANGE(activation_cancel);

enum err
activation_cancel(struct ctx *c, const struct request *rq, struct response *rs)
{
	return change(c, rq, rs, number_cancel);
}

CHANGE(activation_finish);

enum err
activation_finish(struct ctx *c, const struct request *rq, struct response *rs)
{
	return change(c, rq, rs, number_finish);
}

CHANGE(activation_resend);

enum err
activation_resend(struct ctx *c, const struct request *rq, struct response *rs)
{
	return change(c, rq, rs, number_resend);
}

/* POST /numbers/{id}/report */
struct activation_report_in {
	const char *id;
	int reason;
};
static const char *const reasons[] = {"other", "used", "refused", NULL};
static const struct field activation_report_in_fields[] = {
    FIELD(activation_report_in, id, ID, REQUIRED, .from = FROM_PATH),
    FIELD(activation_report_in, reason, ENUM, OPTIONAL, .names = reasons,
	.doc = "used: has an account there already; refused: not accepted."),
};
SCHEMA(activation_report_in);

enum err
activation_report(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct activation_report_in *in = rq->in;
	struct number n = {0};

	TRY(number_report(c, in->id, reasons[in->reason], &n));
	response_json(c, rs, 200, &number_schema, &n);
	return OK;
}
