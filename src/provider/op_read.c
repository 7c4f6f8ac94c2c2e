#include "provider/op_read.h"

#include <stddef.h>

#include "base/arena.h"
#include "base/text.h"
#include "provider/descriptor.h"

static const struct range page_range = {1, 1000};
static const struct range seconds_range = {0, 86400};
static const struct range keeps_range = {1, INT64_C(366) * 86400};

static enum err
read_op_name(struct reader *r, const struct js *v, const void *arg, void *at)
{
	const char *name = NULL;
	enum upstream_op op;

	TRY(read_text(r, v, arg, &name));
	if (!upstream_op_find(name, &op))
		return reader_refuse(r, "there is no operation \"%s\"", name);
	*(int *)at = (int)op;
	return OK;
}

static enum err
read_items(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct items_spec, field)
	static const struct member members[] = {
	    {"at", read_path, AT(at), true, NULL},
	    {"use", read_op_name, AT(use), false, NULL},
	    {"rules", read_list, AT(rules), false, &rule_list},
	    {"set", read_named, AT(set), false, &set_list},
	    {"messages", read_list, AT(messages), false, &message_list},
	};
#undef AT
	struct items_spec *items = at;

	(void)arg;
	items->present = true;
	items->use = -1;
	TRY(READ_OBJECT(r, v, members, at));
	if ((items->use >= 0) == (items->rules.n > 0))
		return reader_refuse(r, "needs either \"use\" or \"rules\"");
	return OK;
}

static enum err
read_levels(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const char *const roles[] = {
	    "service", "country", "operator", "cost", "any", NULL};
	static const struct list_of of = {
	    sizeof(int), read_choice, roles, WALK_MAX};
	struct walk_spec *walk = at;
	struct list levels = {0};
	const int *role;

	(void)arg;
	TRY(read_list(r, v, &of, &levels));
	role = levels.at;
	for (size_t i = 0; i < levels.n; i++)
		walk->levels[i] = role[i];
	walk->level_count = levels.n;
	return OK;
}

static enum err
read_walk(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct walk_spec, field)
	static const struct member members[] = {
	    {"at", read_path, AT(at), true, NULL},
	    {"levels", read_levels, 0, true, NULL},
	    {"cost", read_extractor, AT(cost), false, NULL},
	    {"stock", read_extractor, AT(stock), true, NULL},
	    {"rate", read_extractor, AT(rate), false, NULL},
	    {"skip_keys", read_scalars, AT(skip_keys), false, NULL},
	};
#undef AT
	struct walk_spec *walk = at;
	bool has_cost = js_has(v, "cost");

	(void)arg;
	walk->present = true;
	TRY(READ_OBJECT(r, v, members, at));
	for (size_t i = 0; i < walk->level_count; i++)
		has_cost = has_cost || walk->levels[i] == WALK_COST;
	return has_cost ? OK : reader_refuse(r, "has no cost");
}

/* Which of the order's own words must be equal. */
static enum err
read_match(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const char *const names[] = {
	    "service", "country", "operator", NULL};
	static const struct list_of of = {sizeof(int), read_choice, names, 3};
	struct reconcile_spec *spec = at;
	struct list chosen = {0};
	const int *name;

	(void)arg;
	TRY(read_list(r, v, &of, &chosen));
	name = chosen.at;
	for (size_t i = 0; i < chosen.n; i++) {
		spec->match_service = spec->match_service || name[i] == 0;
		spec->match_country = spec->match_country || name[i] == 1;
		spec->match_operator = spec->match_operator || name[i] == 2;
	}
	return OK;
}

static enum err
read_reconcile(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct reconcile_spec, field)
	static const struct member members[] = {
	    {"op", read_op_name, AT(op), true, NULL},
	    {"match", read_match, 0, false, NULL},
	    {"before_s", read_int, AT(before_s), false, &seconds_range},
	    {"keeps_s", read_int, AT(keeps_s), false, &keeps_range},
	};
#undef AT
	struct reconcile_spec *spec = at;

	(void)arg;
	spec->present = true;
	TRY(READ_OBJECT(r, v, members, at));
	if ((js_has(v, "match") && js_has(v, "before_s")) ==
	    (spec->op == OP_BALANCE))
		return reader_refuse(
		    r, "needs \"match\" and \"before_s\", a balance none");
	return OK;
}

/* Members that only some operations may have. */
static enum err
check_members(struct reader *r, enum upstream_op op, const struct op_spec *spec)
{
	bool lists =
	    op == OP_LIST_ACTIVE || op == OP_POLL_BATCH || op == OP_HISTORY;

	if (spec->items.present != lists)
		return reader_refuse(r, "\"items\" belongs to lists of orders");
	if (spec->walk.present != (op == OP_PRICES))
		return reader_refuse(r, "\"walk\" belongs to prices");
	if (spec->reconcile.present && op != OP_BUY)
		return reader_refuse(r, "\"reconcile\" belongs to buy");
	if (spec->not_before_s > 0 && op != OP_CANCEL)
		return reader_refuse(r, "\"not_before_s\" belongs to cancel");
	if (spec->page_size > 0 && !lists)
		return reader_refuse(r, "\"page_size\" belongs to lists");
	if (spec->rules.n == 0)
		return reader_refuse(r, "has no rule");
	return OK;
}

static enum err
read_op(struct reader *r, const struct js *v, const void *arg, void *at)
{
#define AT(field) offsetof(struct op_spec, field)
	static const struct member members[] = {
	    {"note", read_note, 0, false, NULL},
	    {"request", read_request, AT(request), true, NULL},
	    {"rules", read_list, AT(rules), true, &rule_list},
	    {"set", read_named, AT(set), false, &set_list},
	    {"messages", read_list, AT(messages), false, &message_list},
	    {"items", read_items, AT(items), false, NULL},
	    {"page_size", read_int, AT(page_size), false, &page_range},
	    {"walk", read_walk, AT(walk), false, NULL},
	    {"reconcile", read_reconcile, AT(reconcile), false, NULL},
	    {"not_before_s", read_int, AT(not_before_s), false, &seconds_range},
	};
#undef AT
	struct op_spec *spec = at;
	const enum upstream_op *op = arg;

	spec->present = true;
	TRY(READ_OBJECT(r, v, members, spec));
	return check_members(r, *op, spec);
}

/* {"like":"list_active"}: the same call and rules under another name. */
static enum err
read_like(struct reader *r, const struct js *v, const void *arg, void *at)
{
	static const struct member members[] = {
	    {"like", read_op_name, 0, true, NULL}};

	(void)arg;
	return READ_OBJECT(r, v, members, at);
}

static enum err
apply_likes(struct reader *r, struct op_spec *ops, const int *likes)
{
	for (int i = 0; i < OP__MAX; i++) {
		if (likes[i] < 0)
			continue;
		if (likes[likes[i]] >= 0 || !ops[likes[i]].present)
			return reader_refuse(r,
			    "%s is like an operation that is not there",
			    upstream_op_name((enum upstream_op)i));
		ops[i] = ops[likes[i]];
		TRY(check_members(r, (enum upstream_op)i, &ops[i]));
	}
	return OK;
}

/* An operation may use the rules or the list of one that is there. */
static enum err
check_uses(struct reader *r, const struct op_spec *ops)
{
	const struct reconcile_spec *recon = &ops[OP_BUY].reconcile;

	for (int i = 0; i < OP__MAX; i++)
		if (ops[i].items.present && ops[i].items.use >= 0 &&
		    !ops[ops[i].items.use].present)
			return reader_refuse(r,
			    "%s uses an operation that is not there",
			    upstream_op_name((enum upstream_op)i));
	if (recon->present &&
	    (!ops[recon->op].present || recon->op == OP_POLL_BATCH ||
		ops[recon->op].items.present == (recon->op == OP_BALANCE) ||
		(recon->op != OP_BALANCE && !ops[recon->op].items.present)))
		return reader_refuse(
		    r, "buy reconciles by an operation that is no list");
	return OK;
}

enum err
read_ops(struct reader *r, const struct js *v, const void *arg, void *at)
{
	struct op_spec *ops = at;
	const struct js *value = NULL;
	const char *key = NULL;
	int likes[OP__MAX];

	(void)arg;
	for (int i = 0; i < OP__MAX; i++)
		likes[i] = -1;
	if (js_type(v) != JS_OBJECT)
		return reader_refuse(r, "must be an object");
	for (size_t i = 0; js_each(v, i, &key, &value); i++) {
		struct member how = {.read = read_op};
		void *to;
		enum upstream_op op;

		if (!upstream_op_find(key, &op))
			return reader_refuse(r, "unknown member \"%s\"", key);
		how.arg = &op;
		to = &ops[op];
		if (js_has(value, "like")) {
			how.read = read_like;
			to = &likes[op];
		}
		TRY(reader_member(r, key, value, &how, to));
	}
	TRY(apply_likes(r, ops, likes));
	if (!ops[OP_BUY].present || !ops[OP_STATUS].present)
		return reader_refuse(r, "needs buy and status");
	return check_uses(r, ops);
}
