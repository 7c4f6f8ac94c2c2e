#include "store/price_store.h"

#include <inttypes.h>

#include "io/db.h"
#include "store/status.h"

static const struct field price_rule_row_fields[] = {
    FIELD(price_rule_row, id, INT, REQUIRED),
    FIELD(price_rule_row, service, TEXT, OPTIONAL),
    FIELD(price_rule_row, country, TEXT, OPTIONAL),
    FIELD(price_rule_row, provider, TEXT, OPTIONAL),
    FIELD(price_rule_row, priority, INT, REQUIRED),
    FIELD(price_rule_row, percent_bp, INT, REQUIRED),
    FIELD(price_rule_row, fixed, MONEY, REQUIRED),
    FIELD(price_rule_row, minimum, MONEY, REQUIRED),
    FIELD(price_rule_row, round_to, MONEY, REQUIRED),
    FIELD(price_rule_row, ending, MONEY, REQUIRED),
    FIELD(price_rule_row, created_at, TIME, REQUIRED),
    FIELD(price_rule_row, created_by, TEXT, REQUIRED),
    FIELD(price_rule_row, reason, TEXT, REQUIRED),
    FIELD(price_rule_row, ended_at, TIME, OPTIONAL),
    FIELD(price_rule_row, ended_by, TEXT, OPTIONAL),
};
static SCHEMA(price_rule_row);

static const struct field price_floor_row_fields[] = {
    FIELD(price_floor_row, percent_bp, INT, REQUIRED),
    FIELD(price_floor_row, amount, MONEY, REQUIRED),
};
static SCHEMA(price_floor_row);

static const struct field price_explained_row_fields[] = {
    FIELD(price_explained_row, provider, TEXT, REQUIRED),
    FIELD(price_explained_row, operator, TEXT, REQUIRED),
    FIELD(price_explained_row, cost, MONEY, REQUIRED),
    FIELD(price_explained_row, price, MONEY, REQUIRED),
    FIELD(price_explained_row, floor, MONEY, REQUIRED),
    FIELD(price_explained_row, rule_id, INT, REQUIRED),
    FIELD(price_explained_row, stock, INT, REQUIRED),
    FIELD(price_explained_row, ended, INT, REQUIRED),
    FIELD(price_explained_row, delivered, INT, REQUIRED),
    FIELD(price_explained_row, published_rate, INT, REQUIRED),
};
static SCHEMA(price_explained_row);

struct added_row {
	const char *status;
	int64_t id;
};
static const struct field added_row_fields[] = {
    FIELD(added_row, status, TEXT, REQUIRED),
    FIELD(added_row, id, INT, REQUIRED),
};
static SCHEMA(added_row);

enum err
price_store_list(struct ctx *c, enum price_rules_which which, struct list *out)
{
	return db_many(c, price_rule_list, &price_rule_row_schema, out,
	    P_BOOL(which == PRICE_RULES_ALL));
}

enum err
price_store_find(struct ctx *c, int64_t id, struct price_rule_row *out)
{
	bool found = false;

	TRY(db_maybe(c, price_rule_by_id, &price_rule_row_schema, out, &found,
	    P_I64(id)));
	if (!found)
		return fail(c, ERR_NOT_FOUND, "no price rule %" PRId64, id);
	return OK;
}

static struct db_param
text_or_any(const char *text)
{
	return P_TEXT(text != NULL ? text : "");
}

enum err
price_store_add(struct ctx *c, const struct price_rule_row *rule,
    const char **status, int64_t *id)
{
	struct added_row r = {0};

	TRY(db_one(c, price_rule_add, &added_row_schema, &r,
	    text_or_any(rule->service), text_or_any(rule->country),
	    text_or_any(rule->provider), P_I64(rule->priority),
	    P_I64(rule->percent_bp), P_I64(rule->fixed), P_I64(rule->minimum),
	    P_I64(rule->round_to), P_I64(rule->ending),
	    P_TEXT(rule->created_by), text_or_any(rule->reason)));
	*status = r.status;
	*id = r.id;
	return OK;
}

enum err
price_store_end(
    struct ctx *c, int64_t id, const char *actor, const char **status)
{
	struct status_row r = {0};

	TRY(db_one(c, price_rule_end, &status_row_schema, &r, P_I64(id),
	    P_TEXT(actor)));
	*status = r.status;
	return OK;
}

enum err
price_store_floor(struct ctx *c, struct price_floor_row *out)
{
	return db_one(c, price_floor, &price_floor_row_schema, out);
}

enum err
price_store_set_floor(struct ctx *c, const struct price_floor_row *floor,
    const char *actor, const char **status)
{
	struct status_row r = {0};

	TRY(db_one(c, price_floor_set, &status_row_schema, &r,
	    P_I64(floor->percent_bp), P_I64(floor->amount), P_TEXT(actor)));
	*status = r.status;
	return OK;
}

enum err
price_store_explain(
    struct ctx *c, const char *service, const char *country, struct list *out)
{
	return db_many(c, price_explain, &price_explained_row_schema, out,
	    P_TEXT(service), P_TEXT(country));
}
