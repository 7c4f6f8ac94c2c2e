/* endpoint - a user's webhook addresses. */
#include "io/rules.h"
#include "io/schema.h"
#include "service/endpoint.h"
#include "web/route.h"

static const struct field endpoint_fields[] = {
    FIELD(endpoint, id, ID, REQUIRED),
    FIELD(endpoint, url, TEXT, REQUIRED),
    FIELD(endpoint, enabled, BOOL, REQUIRED),
    FIELD(endpoint, created_at, TIME, REQUIRED),
    FIELD(endpoint, secret, TEXT, OPTIONAL, .secret = true,
	.doc = "Signs the notices; only in the answer that makes it."),
};
static SCHEMA(endpoint);

/* GET /webhooks */
SCHEMA_EMPTY(webhook_list_in);

enum err
webhook_list(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct list list = {0};

	(void)rq;
	TRY(endpoint_list(c, &list));
	response_list(c, rs, &endpoint_schema, list.at, list.n, NULL);
	return OK;
}

/* POST /webhooks */
struct webhook_add_in {
	const char *url;
};
static const struct field webhook_add_in_fields[] = {
    FIELD(webhook_add_in, url, TEXT, REQUIRED, .lo = 10, .hi = 2048),
};
SCHEMA(webhook_add_in);

enum err
webhook_add(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct webhook_add_in *in = rq->in;
	struct endpoint e = {0};

	TRY(endpoint_add(c, in->url, &e));
	response_header(rs, "Cache-Control", "no-store");
	response_json(c, rs, 201, &endpoint_schema, &e);
	return OK;
}

/* DELETE /webhooks/{id} */
struct webhook_remove_in {
	const char *id;
};
static const struct field webhook_remove_in_fields[] = {
    FIELD(webhook_remove_in, id, ID, REQUIRED, .from = FROM_PATH),
};
SCHEMA(webhook_remove_in);

enum err
webhook_remove(struct ctx *c, const struct request *rq, struct response *rs)
{
	const struct webhook_remove_in *in = rq->in;

	TRY(endpoint_remove(c, in->id));
	response_empty(rs, 204);
	return OK;
}
