/* health - is the process there? It asks nothing of anybody. */
#include "io/schema.h"
#include "web/route.h"

SCHEMA_EMPTY(health_check_in);

struct health_check_out {
	const char *status;
};
static const struct field health_check_out_fields[] = {
    FIELD(health_check_out, status, TEXT, REQUIRED),
};
SCHEMA(health_check_out);

enum err
health_check(struct ctx *c, const struct request *rq, struct response *rs)
{
	static const struct health_check_out out = {"ok"};

	(void)rq;
	response_json(c, rs, 200, &health_check_out_schema, &out);
	return OK;
}
