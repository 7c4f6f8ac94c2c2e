/* health - is the process there, and can it do its work? */
#include "io/schema.h"
#include "service/health.h"
#include "web/route.h"

SCHEMA_EMPTY(health_check_in);
SCHEMA_EMPTY(health_is_ready_in);

struct health_check_out {
	const char *status;
};
static const struct field health_check_out_fields[] = {
    FIELD(health_check_out, status, TEXT, REQUIRED),
};
static SCHEMA(health_check_out);

static const struct field health_fields[] = {
    FIELD(health, status, TEXT, REQUIRED),
    FIELD(health, postgres, TEXT, REQUIRED),
    FIELD(health, redis, TEXT, REQUIRED),
};
static SCHEMA(health);

/* It asks nothing of anybody. */
enum err
health_check(struct ctx *c, const struct request *rq, struct response *rs)
{
	static const struct health_check_out out = {"ok"};

	(void)rq;
	response_json(c, rs, 200, &health_check_out_schema, &out);
	return OK;
}

enum err
health_is_ready(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct health out;

	(void)rq;
	TRY(health_ready(c, &out));
	response_json(c, rs, 200, &health_schema, &out);
	return OK;
}
