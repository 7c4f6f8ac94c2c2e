#include "service/price.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/log.h"
#include "store/status.h"

#define BP INT64_C(10000) /* micros of a percent in its hundredth */

static struct price_rule
rule_of(const struct price_rule_row *row)
{
	return (struct price_rule){.id = row->id,
	    .service = row->service,
	    .country = row->country,
	    .provider = row->provider,
	    .priority = row->priority,
	    .percent = row->percent_bp * BP,
	    .fixed = row->fixed,
	    .minimum = row->minimum,
	    .round_to = row->round_to,
	    .ending = row->ending,
	    .created_at = row->created_at,
	    .created_by = row->created_by,
	    .reason = row->reason,
	    .ended_at = row->ended_at,
	    .ended_by = row->ended_by};
}

enum err
price_list(struct ctx *c, enum price_rules_which which, struct list *out)
{
	struct list rows = {0};
	struct price_rule *all;

	TRY(price_store_list(c, which, &rows));
	all = arena_many(c->mem, struct price_rule, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++)
		all[i] = rule_of((const struct price_rule_row *)rows.at + i);
	*out = (struct list){all, rows.n};
	return OK;
}

static enum err
check_status(struct ctx *c, const char *status, const char *what)
{
	enum err e = status_err(status);

	return e == OK ? OK : fail(c, e, "%s: %s", what, status);
}

enum err
price_add(struct ctx *c, const struct price_rule *rule, struct price_rule *out)
{
	struct price_rule_row row = {.service = rule->service,
	    .country = rule->country,
	    .provider = rule->provider,
	    .priority = rule->priority,
	    .percent_bp = rule->percent / BP,
	    .fixed = rule->fixed,
	    .minimum = rule->minimum,
	    .round_to = rule->round_to > 0 ? rule->round_to : 1,
	    .ending = rule->ending,
	    .created_by = rule->created_by,
	    .reason = rule->reason};
	const char *status;

	if (rule->percent % BP != 0)
		return fail(c, ERR_BAD_INPUT, "two decimals of a percent");
	TRY(price_store_add(c, &row, &status, &row.id));
	TRY(check_status(c, status, "price rule"));
	log_ev(c, LEVEL_INFO, "price.rule_added", L_I64("rule", row.id),
	    L_STR("by", rule->created_by));
	TRY(price_store_find(c, row.id, &row));
	*out = rule_of(&row);
	return OK;
}

enum err
price_end(struct ctx *c, int64_t id, const char *actor)
{
	const char *status;

	TRY(price_store_end(c, id, actor, &status));
	TRY(check_status(c, status, "price rule"));
	log_ev(c, LEVEL_INFO, "price.rule_ended", L_I64("rule", id),
	    L_STR("by", actor));
	return OK;
}

enum err
price_floor(struct ctx *c, struct price_floor *out)
{
	struct price_floor_row row = {0};

	TRY(price_store_floor(c, &row));
	*out = (struct price_floor){row.percent_bp * BP, row.amount};
	return OK;
}

enum err
price_set_floor(
    struct ctx *c, const struct price_floor *floor, const char *actor)
{
	const struct price_floor_row row = {floor->percent / BP, floor->amount};
	const char *status;

	if (floor->percent % BP != 0)
		return fail(c, ERR_BAD_INPUT, "two decimals of a percent");
	TRY(price_store_set_floor(c, &row, actor, &status));
	return check_status(c, status, "price floor");
}

enum err
price_explain(
    struct ctx *c, const char *service, const char *country, struct list *out)
{
	return price_store_explain(c, service, country, out);
}
