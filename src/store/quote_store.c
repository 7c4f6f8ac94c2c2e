#include "store/quote_store.h"

#include "io/db.h"

static const struct field quote_used_fields[] = {
    FIELD(quote_used, status, TEXT, REQUIRED),
    FIELD(quote_used, activation_id, ID, OPTIONAL),
};
static SCHEMA(quote_used);

enum err
quote_store_use(
    struct ctx *c, const struct quote_use *use, struct quote_used *out)
{
	return db_one(c, quote_use, &quote_used_schema, out, P_TEXT(use->quote),
	    P_I64(use->user), P_TEXT(use->key), P_TEXT(use->activation),
	    P_I64(use->price), P_I64(use->max_cost), P_I64(use->expires_at));
}
