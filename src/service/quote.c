#include "service/quote.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "conf/conf.h"
#include "crypto/stamp.h"
#include "crypto/vault.h"
#include "io/schema.h"
#include "service/lease.h"
#include "store/quote_store.h"
#include "store/status.h"

#define ANY          "any"
#define FORM_VERSION 1

/* What is signed. */
struct promise {
	int64_t version;
	const char *id;
	int64_t user;
	const char *service, *country, *operator;
	int64_t price;
	int64_t expires_at;
};
static const struct field promise_fields[] = {
    FIELD(promise, version, INT, REQUIRED, .lo = 0, .hi = INT64_MAX),
    FIELD(promise, id, ID, REQUIRED),
    FIELD(promise, user, INT, REQUIRED, .lo = 0, .hi = INT64_MAX),
    FIELD(promise, service, TEXT, REQUIRED, .lo = 1, .hi = 32),
    FIELD(promise, country, TEXT, REQUIRED, .lo = 2, .hi = 2),
    FIELD(promise, operator, TEXT, REQUIRED, .lo = 1, .hi = 32),
    FIELD(promise, price, MONEY, REQUIRED, .lo = 1, .hi = INT64_MAX),
    FIELD(promise, expires_at, TIME, REQUIRED),
};
static SCHEMA(promise);

static struct quote
quote_of(struct ctx *c, const struct promise *p, const char *token)
{
	return (struct quote){.id = p->id,
	    .quote = token,
	    .service = p->service,
	    .country = p->country,
	    .operator= p->operator,
	    .price = p->price,
	    .currency = c->conf->site_currency,
	    .expires_at = p->expires_at};
}

enum err
quote_make(struct ctx *c, const char *service, const char *country,
    const char *operator, struct quote * out)
{
	const struct lease_ask ask = {
	    .service = service, .country = country, .operator= operator};
	struct promise p = {.version = FORM_VERSION,
	    .user = c->user,
	    .service = service,
	    .country = country,
	    .operator= operator!= NULL ?
	    operator: ANY,
	    .expires_at = clock_now() + c->conf->quote_ttl };
	char id[ID_SIZE];
	struct buf text;

	TRY(lease_cheapest(c, &ask, &p.price));
	id_new(id);
	p.id = arena_dup(c->mem, id);
	buf_init(&text, c->mem);
	schema_print(&text, &promise_schema, &p);
	*out = quote_of(c, &p,
	    stamp_apply(c, c->vault->tokens, STAMP_QUOTE, text.at, text.len));
	return OK;
}

enum err
quote_open(struct ctx *c, const char *token, struct quote *out)
{
	struct schema_source from = {0};
	const struct promise *p;
	void *read = NULL;
	const char *text = NULL;

	if (stamp_open(c, c->vault->tokens, STAMP_QUOTE, token, &text,
		&from.body_size) != OK)
		return fail(c, ERR_QUOTE_INVALID, "%s", c->err_why);
	from.body = text;
	if (schema_read(c, &promise_schema, &from, &read) != OK)
		return fail(c, ERR_QUOTE_INVALID, "of another form");
	p = read;
	if (p->version != FORM_VERSION)
		return fail(c, ERR_QUOTE_INVALID, "of another version");
	if (p->user != c->user)
		return fail(c, ERR_QUOTE_INVALID, "another user's");
	*out = quote_of(c, p, token);
	return OK;
}

enum err
quote_use(
    struct ctx *c, const struct quote *q, const char *key, const char **id)
{
	const struct quote_use use = {.quote = q->id,
	    .user = c->user,
	    .key = key,
	    .activation = *id,
	    .price = q->price,
	    .max_cost = q->price + c->conf->quote_loss_cap,
	    .expires_at = q->expires_at};
	struct quote_used row = {0};
	enum err e;

	TRY(quote_store_use(c, &use, &row));
	e = status_err(row.status);
	if (e != OK)
		return fail(c, e, "quote %s: %s", q->id, row.status);
	*id = row.activation_id;
	return OK;
}
