/* wallet - what the acting user has. */
#include "io/schema.h"
#include "service/wallet.h"
#include "web/route.h"

static const struct field wallet_fields[] = {
    FIELD(wallet, currency, TEXT, REQUIRED, .doc = "ISO 4217."),
    FIELD(wallet, available, MONEY, REQUIRED),
    FIELD(wallet, held, MONEY, REQUIRED, .doc = "Set aside for open numbers."),
};
static SCHEMA(wallet);

/* GET /wallet */
SCHEMA_EMPTY(wallet_show_in);

enum err
wallet_show(struct ctx *c, const struct request *rq, struct response *rs)
{
	struct wallet w;

	(void)rq;
	TRY(wallet_find(c, c->user, &w));
	response_json(c, rs, 200, &wallet_schema, &w);
	return OK;
}
