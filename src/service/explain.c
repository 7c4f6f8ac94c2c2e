#include "service/explain.h"

#include <inttypes.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "base/text.h"
#include "provider/rank.h"

/* The filters of provider/rank.c in words. */
static const struct {
	const char *name, *words;
} refusals[] = {
    {"disabled", "it was switched off, or no rule gave it a price"},
    {"no_capability", "its descriptor cannot buy"},
    {"operator_not_offered", "it is of another operator than was wanted"},
    {"muted", "its priority and weights are 0"},
    {"no_exchange_rate", "there was no rate of its currency"},
    {"exchange_rate_too_old", "the rate of its currency was too old"},
    {"no_cost", "it had no cost, or no price"},
    {"price_above_limit", "it was dearer than what is held"},
    {"price_under_floor", "its price would have been under the floor"},
    {"out_of_stock", "it was sold out"},
    {"backing_off", "it was tried before, or its provider had trouble"},
    {"float_too_low", "our balance there was less than its cost"},
};

static const char *
words_of(const char *refused)
{
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		if (text_eq(refusals[i].name, refused))
			return refusals[i].words;
	return refused;
}

static const char *
amount(struct ctx *c, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	money_print_short(micros, 2, text);
	return arena_dup(c->mem, text);
}

/* By which part `at` is furthest behind `best`. */
static const char *
behind_by(
    const struct explained_option *at, const struct explained_option *best)
{
	const struct {
		const char *name;
		int64_t behind;
	} parts[] = {
	    {"points", best->by_points - at->by_points},
	    {"cost", best->by_cost - at->by_cost},
	    {"latency", best->by_latency - at->by_latency},
	    {"delivery", best->by_delivery - at->by_delivery},
	    {"stock", best->by_stock - at->by_stock},
	    {"luck", best->luck - at->luck},
	};
	size_t most = 0;

	for (size_t i = 1; i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].behind > parts[most].behind)
			most = i;
	return parts[most].name;
}

static void
say_why(struct ctx *c, struct explained_option *at,
    const struct explained_option *best)
{
	if (at->refused != NULL)
		at->why = words_of(at->refused);
	else if (best == NULL || at == best)
		at->why = "best score and luck together: asked";
	else
		at->why = arena_fmt(c->mem, "behind %s, mostly by %s",
		    best->provider, behind_by(at, best));
}

static struct explained_option
option_of(const struct candidate *at, const struct ranked *r)
{
	return (struct explained_option){.provider = at->provider,
	    .operator= at->operator,
	    .chosen = r->place == 1,
	    .place = r->place,
	    .refused = r->refused,
	    .cost = at->cost,
	    .price = at->price,
	    .floor = at->floor,
	    .rule_id = at->rule,
	    .stock = at->stock,
	    .ended = at->sold,
	    .delivered = at->delivered,
	    .rate = r->rate,
	    .by_points = r->by_points,
	    .by_cost = r->by_cost,
	    .by_latency = r->by_latency,
	    .by_delivery = r->by_rate,
	    .by_stock = r->by_stock,
	    .score = r->score,
	    .luck = r->luck};
}

static enum err
read_options(
    struct ctx *c, const struct decided_row *row, struct explained_try *out)
{
	struct explained_option *all;
	const struct explained_option *best = NULL;
	struct decision d = {0};

	TRY(rank_read(c, row->candidates, &d));
	all = arena_many(c->mem, struct explained_option, d.count + 1);
	for (size_t i = 0; i < d.count; i++) {
		all[i] = option_of(&d.candidates[i], &d.ranked[i]);
		if (all[i].chosen)
			best = &all[i];
	}
	for (size_t i = 0; i < d.count; i++)
		say_why(c, &all[i], best);
	out->limit = d.rules.max_price;
	out->options = (struct list){all, d.count};
	return OK;
}

static const char *
say_try(struct ctx *c, const struct decided_row *row)
{
	if (row->provider == NULL)
		return "nobody was left to ask";
	if (text_eq(row->state, "LINKED"))
		return arena_fmt(c->mem, "%s sold it for %s", row->provider,
		    amount(c, row->cost));
	return arena_fmt(c->mem, "%s was asked: %s%s%s", row->provider,
	    row->state, row->cause[0] != '\0' ? ", " : "", row->cause);
}

static const char *
say_priced(struct ctx *c, const struct decision_number_row *n)
{
	const char *quote = n->quote_id == NULL ?
	    "" :
	    arena_fmt(c->mem, "; by a quote of %s, it might cost up to %s",
		amount(c, n->quote_price), amount(c, n->quote_max_cost));

	if (n->rule_id == 0)
		return arena_fmt(c->mem, "no number was bought; %s is held%s",
		    amount(c, n->hold), quote);
	return arena_fmt(c->mem,
	    "it cost %s; rule %" PRId64 " (+%s%%, at least +%s, minimum %s, "
	    "rounded up to %s, ending %s) and the floor made %s of it, %s at "
	    "most was held%s",
	    amount(c, n->cost), n->rule_id, amount(c, n->rule_percent),
	    amount(c, n->rule_fixed), amount(c, n->rule_minimum),
	    amount(c, n->rule_round_to), amount(c, n->rule_ending),
	    amount(c, n->price), amount(c, n->hold), quote);
}

static enum err
read_tries(struct ctx *c, const char *id, struct list *out)
{
	const struct decided_row *row;
	struct explained_try *all;
	struct list rows = {0};

	TRY(decision_store_list(c, id, &rows));
	row = rows.at;
	all = arena_many(c->mem, struct explained_try, rows.n + 1);
	for (size_t i = 0; i < rows.n; i++) {
		all[i] = (struct explained_try){.no = row[i].no,
		    .at = row[i].created_at,
		    .provider = row[i].provider,
		    .state = row[i].state,
		    .cause = row[i].cause,
		    .cost = row[i].cost,
		    .max_cost = row[i].max_cost,
		    .said = say_try(c, &row[i])};
		TRY(read_options(c, &row[i], &all[i]));
	}
	*out = (struct list){all, rows.n};
	return OK;
}

enum err
explain_number(struct ctx *c, const char *id, struct explained *out)
{
	struct decision_number_row *n =
	    arena_one(c->mem, struct decision_number_row);
	int64_t number = 0;

	if (id_is_valid(id))
		TRY(decision_store_number(c, id, 0, n));
	else if (text_to_i64(id, 1, INT32_MAX, &number))
		TRY(decision_store_number(c, NULL, number, n));
	else
		return fail(c, ERR_NOT_FOUND, "%s is no number", id);
	out->number = n;
	out->priced = say_priced(c, n);
	return read_tries(c, n->id, &out->tries);
}
