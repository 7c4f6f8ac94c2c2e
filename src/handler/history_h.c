/* history - what happened to a number, and the receipt of one that is over. */
#include <string.h>

#include "io/schema.h"
#include "service/receipt.h"
#include "service/timeline.h"
#include "web/route.h"

/* GET /numbers/{id}/timeline, /admin/numbers/{id}/timeline, .../receipt */
struct number_id_in {
	const char *id;
};
#define BY_ID(op)                                                     \
	static const struct field op##_in_fields[] = {                \
	    FIELD(number_id_in, id, ID, REQUIRED, .from = FROM_PATH), \
	};                                                            \
	const struct schema op##_in_schema = {.name = #op "_in",      \
	    .size = sizeof(struct number_id_in),                      \
	    .fields = op##_in_fields,                                 \
	    .count = 1}

static const struct field timeline_row_fields[] = {
    FIELD(timeline_row, kind, TEXT, REQUIRED,
	.doc = "state, purchase, money or sms."),
    FIELD(timeline_row, at, TIME, REQUIRED),
    FIELD(timeline_row, what, TEXT, REQUIRED),
    FIELD(timeline_row, state, TEXT, OPTIONAL,
	.doc = "Of the number, after this."),
    FIELD(timeline_row, actor, TEXT, REQUIRED),
    FIELD(timeline_row, cause, TEXT, REQUIRED),
    FIELD(timeline_row, attempt, INT, OPTIONAL, .nullable = true,
	.doc = "Number of the purchase."),
    FIELD(timeline_row, amount, MONEY, OPTIONAL, .nullable = true),
    FIELD(timeline_row, provider, TEXT, OPTIONAL, .doc = "For administrators."),
    FIELD(timeline_row, upstream_id, TEXT, OPTIONAL,
	.doc = "For administrators."),
    FIELD(timeline_row, request, TEXT, OPTIONAL,
	.doc = "For administrators; without our key."),
    FIELD(timeline_row, http_status, INT, OPTIONAL, .nullable = true,
	.doc = "For administrators."),
    FIELD(timeline_row, answer, TEXT, OPTIONAL,
	.doc = "For administrators; its beginning."),
    FIELD(timeline_row, currency, TEXT, OPTIONAL,
	.doc = "For administrators; of the provider."),
    FIELD(timeline_row, fx_rate, MONEY, OPTIONAL, .nullable = true,
	.doc = "For administrators; the wallets' money for one of it."),
};
static SCHEMA(timeline_row);

static enum err
answer_timeline(
    struct ctx *c, const struct request *rq, struct response *rs, int64_t user)
{
	const struct number_id_in *in = rq->in;
	struct list rows = {0};

	TRY(timeline_list(c, in->id, user, &rows));
	response_list(c, rs, &timeline_row_schema, rows.at, rows.n, NULL);
	return OK;
}

BY_ID(number_timeline);

enum err
number_timeline(struct ctx *c, const struct request *rq, struct response *rs)
{
	return answer_timeline(c, rq, rs, c->user);
}

BY_ID(admin_number_timeline);

enum err
admin_number_timeline(
    struct ctx *c, const struct request *rq, struct response *rs)
{
	return answer_timeline(c, rq, rs, 0);
}

BY_ID(number_receipt);

enum err
number_receipt(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct number_id_in *in = rq->in;
	const char *text = NULL;

	TRY(receipt_make(c, in->id, &text));
	response_bytes(rs, 200, RECEIPT_MEDIA, text, strlen(text));
	return OK;
}

/* GET /receipts/keys */
static const struct field receipt_key_fields[] = {
    FIELD(receipt_key, id, TEXT, REQUIRED, .doc = "keyid of the receipts."),
    FIELD(receipt_key, public_key, TEXT, REQUIRED,
	.doc = "Ed25519, base64 of 32 bytes."),
};
static SCHEMA(receipt_key);
SCHEMA_EMPTY(receipt_key_list_in);

enum err
receipt_key_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list keys = {0};

	(void)rq;
	receipt_keys(c, &keys);
	response_list(c, rs, &receipt_key_schema, keys.at, keys.n, NULL);
	return OK;
}
