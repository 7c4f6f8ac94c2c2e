#include "service/receipt.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "crypto/envelope.h"
#include "crypto/keyring.h"
#include "crypto/vault.h"
#include "service/number.h"
#include "store/timeline_store.h"

#define TYPE         "application/vnd.numlease.receipt+json"
#define FORM_VERSION 1

struct receipt {
	int64_t version;
	const char *issuer, *id;
	int64_t number;
	const char *service, *country, *operator, * phone;
	int state;
	const char *currency;
	int64_t price, charged;
	int64_t messages;
	int64_t created_at, closed_at, issued_at;
	struct list transfers; /* struct receipt_transfer */
};

static const struct field receipt_transfer_fields[] = {
    FIELD(receipt_transfer, id, INT, REQUIRED),
    FIELD(receipt_transfer, kind, TEXT, REQUIRED),
    FIELD(receipt_transfer, amount, MONEY, REQUIRED),
    FIELD(receipt_transfer, created_at, TIME, REQUIRED),
};
static SCHEMA(receipt_transfer);

static const struct field receipt_fields[] = {
    FIELD(receipt, version, INT, REQUIRED),
    FIELD(receipt, issuer, TEXT, REQUIRED),
    FIELD(receipt, id, ID, REQUIRED),
    FIELD(receipt, number, INT, REQUIRED),
    FIELD(receipt, service, TEXT, REQUIRED),
    FIELD(receipt, country, TEXT, REQUIRED),
    FIELD(receipt, operator, TEXT, REQUIRED),
    FIELD(receipt, phone, TEXT, OPTIONAL, .nullable = true),
    FIELD(receipt, state, ENUM, REQUIRED, .names = activation_state_names),
    FIELD(receipt, currency, TEXT, REQUIRED),
    FIELD(receipt, price, MONEY, REQUIRED),
    FIELD(receipt, charged, MONEY, REQUIRED),
    FIELD(receipt, messages, INT, REQUIRED),
    FIELD(receipt, created_at, TIME, REQUIRED),
    FIELD(receipt, closed_at, TIME, REQUIRED),
    FIELD(receipt, issued_at, TIME, REQUIRED),
    FIELD(receipt, transfers, LIST, REQUIRED, .sub = &receipt_transfer_schema),
};
static SCHEMA(receipt);

/* An envelope as others see it. */
struct signature {
	const char *keyid, *sig;
};
static const struct field signature_fields[] = {
    FIELD(signature, keyid, TEXT, OPTIONAL),
    FIELD(signature, sig, TEXT, REQUIRED),
};
static SCHEMA(signature);

struct outer {
	const char *payloadType, *payload;
	struct list signatures;
};
static const struct field outer_fields[] = {
    FIELD(outer, payloadType, TEXT, REQUIRED),
    FIELD(outer, payload, TEXT, REQUIRED),
    FIELD(outer, signatures, LIST, REQUIRED, .sub = &signature_schema, .lo = 1,
	.hi = 1),
};
static SCHEMA(outer);

static const char *
seal(struct ctx *c, const struct receipt *r)
{
	struct envelope e;
	struct signature sig;
	struct outer o;
	struct buf body;
	struct buf text;

	buf_init(&body, c->mem);
	schema_print(&body, &receipt_schema, r);
	envelope_sign(c, c->vault->receipts, TYPE, body.at, body.len, &e);
	sig = (struct signature){e.key_id, e.signature};
	o = (struct outer){e.type, e.payload, {&sig, 1}};
	buf_init(&text, c->mem);
	schema_print(&text, &outer_schema, &o);
	return text.at;
}

enum err
receipt_make(struct ctx *c, const char *id, const char **text)
{
	struct list transfers = {0};
	struct number n = {0};
	struct receipt r;

	TRY(number_find(c, id, &n));
	if (n.closed_at == 0)
		return fail(c, ERR_CONFLICT, "number %s is not over", id);
	TRY(timeline_store_transfers(c, id, &transfers));
	r = (struct receipt){.version = FORM_VERSION,
	    .issuer = c->conf->site_origin,
	    .id = n.id,
	    .number = n.number,
	    .service = n.service,
	    .country = n.country,
	    .operator= n.operator,
	    .phone = n.phone,
	    .state = n.state,
	    .currency = c->conf->site_currency,
	    .price = n.price,
	    .charged = n.charged,
	    .messages = (int64_t)n.messages.n,
	    .created_at = n.created_at,
	    .closed_at = n.closed_at,
	    .issued_at = clock_now(),
	    .transfers = transfers};
	*text = seal(c, &r);
	return OK;
}

void
receipt_keys(struct ctx *c, struct list *out)
{
	const struct keyring *ring = c->vault->receipts;
	struct receipt_key *keys =
	    arena_many(c->mem, struct receipt_key, keyring_count(ring));

	for (size_t i = 0; i < keyring_count(ring); i++) {
		char *key = arena_alloc(c->mem, 1, ENVELOPE_KEY_SIZE);

		envelope_public_key(ring, i, key);
		keys[i].id = arena_fmt(c->mem, "%u", keyring_id(ring, i));
		keys[i].public_key = key;
	}
	*out = (struct list){keys, keyring_count(ring)};
}

enum err
receipt_verify(struct ctx *c, const char *text, size_t n,
    const char *public_key, const char **body)
{
	const struct schema_source from = {.body = text, .body_size = n};
	const struct signature *s;
	struct outer *o;
	void *read = NULL;
	size_t size = 0;

	TRY(schema_read(c, &outer_schema, &from, &read));
	o = read;
	s = o->signatures.at;
	return envelope_open(c,
	    &(struct envelope){o->payloadType, o->payload, s->keyid, s->sig},
	    TYPE, public_key, body, &size);
}
