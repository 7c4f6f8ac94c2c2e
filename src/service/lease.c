#include "service/lease.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/text.h"
#include "conf/conf.h"
#include "crypto/digest.h"
#include "service/admit.h"
#include "service/quote.h"
#include "service/reserve.h"
#include "store/activation_store.h"
#include "store/catalogue_store.h"
#include "store/idempotency_store.h"
#include "store/status.h"

#define ANY "any"

/* Two requests with one key are the same when all that was asked is. */
static const char *
fingerprint(struct ctx *c, const struct lease_ask *ask)
{
	const char *text = arena_fmt(c->mem,
	    "lease\n%s\n%s\n%s\n%" PRId64 "\n%s",
	    ask->service != NULL ? ask->service : "",
	    ask->country != NULL ? ask->country : "",
	    ask->operator!= NULL ? ask->operator: ANY, ask->max_price,
	    ask->quote != NULL ? ask->quote : "");
	unsigned char digest[DIGEST_SIZE];
	char *hex = arena_alloc(c->mem, 1, DIGEST_HEX_SIZE);

	digest_sha256(text, strlen(text), digest);
	digest_print(digest, hex);
	return hex;
}

/* Is what was asked for there at all, and may it be leased? */
static enum err
check_catalogue(struct ctx *c, const struct lease_ask *ask)
{
	struct service_row service = {0};
	struct country_row country = {0};

	TRY(catalogue_store_service(c, ask->service, &service));
	TRY(catalogue_store_country(c, ask->country, &country));
	if (!service.is_allowed)
		return fail(c, ERR_POLICY, "service %s", ask->service);
	return OK;
}

enum err
lease_cheapest(struct ctx *c, const struct lease_ask *ask, int64_t *out)
{
	struct list rows = {0};

	TRY(catalogue_store_candidates(
	    c, &ask->service, &ask->country, 1, &rows));
	return admit_cheapest(c, ask, &rows, out);
}

/* Has anybody a number that may still be sold at the price of the quote? */
static enum err
find_quoted(struct ctx *c, const struct lease_ask *ask, const struct quote *q)
{
	struct list rows = {0};

	if (ask->max_price > 0 && ask->max_price < q->price)
		return fail(c, ERR_NO_PRICE, "quoted %" PRId64, q->price);
	TRY(catalogue_store_candidates(
	    c, &ask->service, &ask->country, 1, &rows));
	if (admit_is_sold_for(ask, &rows, q->price + c->conf->quote_loss_cap))
		return OK;
	return fail(c, ERR_NO_NUMBERS, "no offer left for quote %s", q->id);
}

/* What the request says besides its quote must be what the quote says. */
static enum err
read_quote(struct ctx *c, struct lease_ask *ask, struct quote *q)
{
	TRY(quote_open(c, ask->quote, q));
	if ((ask->service != NULL && !text_eq(ask->service, q->service)) ||
	    (ask->country != NULL && !text_eq(ask->country, q->country)) ||
	    (ask->operator!= NULL && !text_eq(ask->operator, q->operator)))
		return fail(c, ERR_QUOTE_INVALID, "for something else");
	ask->service = q->service;
	ask->country = q->country;
	ask->operator= q->operator;
	return OK;
}

/* What the key did before, when no price can be found today. */
static enum err
find_replay(struct ctx *c, const struct lease_ask *ask, const char *print,
    struct leased *out, bool *found)
{
	struct idempotency_row row = {0};

	*found = false;
	if (ask->key == NULL)
		return OK;
	TRY(idempotency_store_find(c, c->user, ask->key, &row, found));
	if (!*found)
		return OK;
	if (!text_eq(row.fingerprint, print))
		return fail(c, ERR_IDEM_MISMATCH, "another request had it");
	out->id = row.activation_id;
	out->repeated = true;
	out->is_open = row.status == 0;
	out->answer_status = row.status;
	out->answer = row.response;
	return OK;
}

/*
 * Why there is no price, most telling reason first; or OK and the answer of
 * the same request before. Only here are these looked up: the reservation
 * checks key, policy, service and country itself.
 */
static enum err
explain(struct ctx *c, const struct lease_ask *ask, const char *print,
    struct leased *out)
{
	enum err e = c->err;
	const char *why = c->err_why;
	bool found = false;

	ctx_forgive(c);
	TRY(find_replay(c, ask, print, out, &found));
	if (found)
		return OK;
	TRY(check_catalogue(c, ask));
	return fail(c, e, "%s", why);
}

static enum err
take_row(
    struct ctx *c, const struct activation_reserved *row, struct leased *out)
{
	enum err e = status_err(row->status);

	if (e != OK)
		return fail(c, e, "reserve: %s", row->status);
	out->id = row->id;
	out->repeated = text_eq(row->status, "replay");
	out->is_open = row->state == ACTIVATION_RESERVED;
	out->answer_status = row->answer_status;
	out->answer = row->answer;
	return OK;
}

enum err
lease_reserve(struct ctx *c, const struct lease_ask *asked, struct leased *out)
{
	const char *print = fingerprint(c, asked);
	struct lease_ask ask = *asked;
	struct quote q = {0};
	char new_id[ID_SIZE];
	const char *id = new_id;
	enum err e = OK;

	*out = (struct leased){.until = clock_mono() + c->conf->api_lease_wait,
	    .last = c->deadline + c->conf->database_timeout};
	if (c->conf->policy_maintenance)
		return fail(c, ERR_MAINTENANCE, "policy.maintenance is on");
	if (ask.quote != NULL)
		TRY(read_quote(c, &ask, &q));
	if (ask.service == NULL || ask.country == NULL)
		return schema_refuse(c,
		    ask.service == NULL ? "service" : "country", "missing",
		    "is needed without a quote");
	if (ask.quote != NULL)
		e = find_quoted(c, &ask, &q);
	if (e == ERR_NO_NUMBERS || e == ERR_NO_PRICE)
		return explain(c, &ask, print, out);
	TRY(e);
	id_new(new_id);
	if (ask.quote != NULL)
		TRY(quote_use(c, &q, ask.key, &id));
	out->id = arena_dup(c->mem, id);
	out->is_pending = true;
	return reserve_submit(c, &ask, print, id, q.price, &out->reservation);
}

enum err
lease_reserved(struct ctx *c, const struct lease_ask *ask, struct leased *l)
{
	struct activation_reserved row = {0};
	bool is_decided;
	enum err e = reserve_result(c, l->reservation, &row, &is_decided);

	l->is_pending = !is_decided;
	if (e == ERR_NO_NUMBERS || e == ERR_NO_PRICE)
		return explain(c, ask, fingerprint(c, ask), l);
	TRY(e);
	if (is_decided)
		return take_row(c, &row, l);
	if (clock_mono() > l->last)
		return fail(c, ERR_UNCERTAIN, "not reserved in time");
	return OK;
}

enum err
lease_outcome(struct ctx *c, const char *id, struct number *out)
{
	TRY(number_find(c, id, out));
	if (out->state == ACTIVATION_FAILED)
		return fail(c, ERR_NO_NUMBERS, "no provider could");
	return OK;
}

enum err
lease_answer(struct ctx *c, const struct lease_ask *ask,
    const struct leased *answer, struct leased *out, bool *first)
{
	const struct idempotency_answer row = {.user = c->user,
	    .key = ask->key,
	    .fingerprint = fingerprint(c, ask),
	    .activation_id = answer->id,
	    .status = answer->answer_status,
	    .response = answer->answer};
	bool found = false;

	*first = true;
	if (ask->key == NULL)
		return OK;
	TRY(idempotency_store_finish(c, &row, first));
	if (*first)
		return OK;
	TRY(find_replay(c, ask, row.fingerprint, out, &found));
	*first = !found; /* forgotten in this instant */
	return OK;
}

enum err
lease_abandon(struct ctx *c, const char *id, struct number *out)
{
	struct activation_change change = {0};
	enum err e;

	TRY(activation_store_abandon(c, id, c->user, &change));
	e = status_err(change.status);
	if (e != OK)
		return fail(c, e, "abandon: %s", change.status);
	TRY(number_find(c, id, out));
	if (out->phone == NULL || out->state == ACTIVATION_CANCELLING ||
	    out->state == ACTIVATION_CANCELLED)
		return fail(c, ERR_NO_NUMBERS, "given up at the deadline");
	return OK;
}
