#include "service/notice.h"

#include <strings.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "crypto/seal.h"
#include "crypto/vault.h"
#include "deliver/webhook.h"
#include "service/errand.h"
#include "store/activation_store.h"
#include "store/webhook_store.h"

#define LEASE_MS    60000
#define TIMEOUT_MS  15000
#define MAX_ANSWER  65536
#define MAX_WAIT_S  86400
#define NEVER_AGAIN (-1)

/* The data of a notice: the number, and the SMS when it is about one. */
struct notice_sms {
	const char *sender, *text, *code;
	int64_t received_at;
};
static const struct field notice_sms_fields[] = {
    FIELD(notice_sms, sender, TEXT, REQUIRED),
    FIELD(notice_sms, text, TEXT, REQUIRED),
    FIELD(notice_sms, code, TEXT, OPTIONAL, .nullable = true),
    FIELD(notice_sms, received_at, TIME, REQUIRED),
};
static SCHEMA(notice_sms);

struct notice {
	const char *id;
	int64_t number;
	const char *service, *country, *operator, * phone;
	int state;
	int64_t price, charged;
	const void *sms;
};
static const struct field notice_fields[] = {
    FIELD(notice, id, ID, REQUIRED),
    FIELD(notice, number, INT, REQUIRED),
    FIELD(notice, service, TEXT, REQUIRED),
    FIELD(notice, country, TEXT, REQUIRED),
    FIELD(notice, operator, TEXT, REQUIRED),
    FIELD(notice, phone, TEXT, OPTIONAL, .nullable = true),
    FIELD(notice, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(notice, price, MONEY, REQUIRED),
    FIELD(notice, charged, MONEY, REQUIRED),
    FIELD(notice, sms, OBJECT, OPTIONAL, .sub = &notice_sms_schema),
};
static SCHEMA(notice);

/* A delivery under way; in the arena of its errand. */
struct sent {
	const char *id, *token, *endpoint;
	int64_t tries;
};

static enum err
open_secret(struct ctx *c, const struct delivery_row *row, const char **out)
{
	const struct seal_place place = {
	    "endpoints", row->endpoint_id, "secret"};
	struct sealed sealed = {0};

	TRY(webhook_store_secret(c, row, &sealed.at, &sealed.size));
	return vault_unseal(c, &place, &sealed, out);
}

/* Write the message in `c->mem`, which is the errand's. */
static enum err
write_message(
    struct ctx *c, const struct delivery_row *row, struct webhook_message *out)
{
	const struct notice_sms sms = {.sender = row->sender,
	    .text = row->text,
	    .code = row->code,
	    .received_at = row->received_at};
	const struct notice data = {.id = row->activation_id,
	    .number = row->number,
	    .service = row->service,
	    .country = row->country,
	    .operator= row->operator,
	    .phone = row->phone,
	    .state = row->state,
	    .price = row->price,
	    .charged = row->charged,
	    .sms = row->message_id > 0 ? &sms : NULL};
	struct webhook_notice notice = {.id = row->id,
	    .type = row->kind,
	    .at = row->created_at,
	    .schema = &notice_schema,
	    .data = &data};

	TRY(open_secret(c, row, &notice.secret));
	return webhook_write(c, &notice, out);
}

static enum err
plan_one(struct ctx *c, const struct delivery_row *row, struct errands *out)
{
	struct errand *e = errand_new();
	struct webhook_message message;
	struct errand_header *headers =
	    arena_many(e->mem, struct errand_header, WEBHOOK_HEADERS);
	struct sent *sent = arena_one(e->mem, struct sent);
	struct ctx own = *c;
	enum err failed;

	own.mem = e->mem;
	failed = write_message(&own, row, &message);
	if (failed != OK) {
		failed = fail(c, failed, "%s", own.err_why);
		errand_free(&e);
		return failed;
	}
	for (int i = 0; i < WEBHOOK_HEADERS; i++)
		headers[i] = (struct errand_header){
		    message.headers[i].name, message.headers[i].value};
	*sent = (struct sent){.id = arena_dup(e->mem, row->id),
	    .token = arena_dup(e->mem, row->token),
	    .endpoint = arena_dup(e->mem, row->endpoint_id),
	    .tries = row->tries};
	e->item = sent;
	e->method = "POST";
	e->url = arena_dup(e->mem, row->url);
	e->body = message.body;
	e->body_size = message.body_size;
	e->headers = headers;
	e->header_count = WEBHOOK_HEADERS;
	e->timeout_ms = TIMEOUT_MS;
	e->max_body = MAX_ANSWER;
	e->check_address = !c->conf->webhook_allow_private;
	errands_add(out, e);
	return OK;
}

/* It could not even be written: its secret does not open. Later, then dead. */
static struct delivery_end
unwritten(struct ctx *c, const struct delivery_row *row)
{
	log_ev(c, LEVEL_WARN, "notice.unwritten", L_STR("delivery", row->id),
	    L_STR("endpoint", row->endpoint_id), L_I64("try", row->tries),
	    L_STR("why", c->err_why));
	ctx_forgive(c);
	return (struct delivery_end){.id = row->id,
	    .token = row->token,
	    .error = "the notice could not be written",
	    .next_ms = webhook_next_ms(row->tries, 0)};
}

/* One endpoint's fault is not the others'. */
enum err
notice_plan(struct ctx *c, struct errands *out, bool *more)
{
	const struct delivery_row *rows;
	struct delivery_end *ends;
	struct list due = {0};
	size_t n = 0;

	TRY(webhook_store_claim(c, c->conf->worker_batch, LEASE_MS, &due));
	*more = due.n == (size_t)c->conf->worker_batch;
	rows = due.at;
	ends = arena_many(c->mem, struct delivery_end, due.n + 1);
	for (size_t i = 0; i < due.n; i++)
		if (plan_one(c, &rows[i], out) != OK)
			ends[n++] = unwritten(c, &rows[i]);
	return n > 0 ? webhook_store_settle(c, ends, n) : OK;
}

/* The receiver's Retry-After in seconds (RFC 9110 10.2.3), as ms. */
static int64_t
asked_ms(const struct errand *e)
{
	int64_t seconds = 0;

	for (size_t i = 0; i < e->answer_header_count; i++)
		if (text_eq_ci(e->answer_headers[i].name, "Retry-After") &&
		    text_to_i64(
			e->answer_headers[i].value, 1, MAX_WAIT_S, &seconds))
			return seconds * 1000;
	return 0;
}

static struct delivery_end
end_of(struct ctx *c, const struct errand *e)
{
	const struct sent *sent = e->item;
	bool answered = e->result == ERRAND_ANSWERED;
	struct delivery_end end = {.id = sent->id,
	    .token = sent->token,
	    .http_status = answered ? e->status : 0,
	    .error = answered || e->why == NULL ? "" : e->why,
	    .took_ms = e->took_us / CLOCK_MS};
	enum webhook_verdict verdict =
	    answered ? webhook_judge(e->status) : WEBHOOK_AGAIN;

	if (verdict == WEBHOOK_GONE)
		end.next_ms = NEVER_AGAIN;
	else if (verdict == WEBHOOK_AGAIN)
		end.next_ms = webhook_next_ms(sent->tries, asked_ms(e));
	log_ev(c, LEVEL_INFO, "notice.sent", L_STR("delivery", sent->id),
	    L_STR("endpoint", sent->endpoint), L_I64("status", end.http_status),
	    L_I64("try", sent->tries), L_STR("error", end.error));
	return end;
}

enum err
notice_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	struct delivery_end *ends =
	    arena_many(c->mem, struct delivery_end, done->n + 1);
	size_t n = 0;

	(void)more; /* nothing follows */
	for (const struct errand *e = done->first; e != NULL; e = e->next)
		ends[n++] = end_of(c, e);
	if (n > 0)
		TRY(webhook_store_settle(c, ends, n));
	for (struct errand *e; (e = errands_take(done)) != NULL;)
		errand_free(&e);
	return OK;
}
