#include "service/sync.h"

#include "base/arena.h"
#include "base/log.h"
#include "provider/descriptor.h"
#include "provider/engine.h"
#include "service/errand.h"
#include "service/upstream.h"
#include "store/provider_store.h"

#define PART_LINES ((size_t)1000) /* of a price list, in one statement */

/* Which account an errand asks, and about what; in its arena. */
struct visit {
	const struct upstream *upstream; /* held */
	const char *country; /* the account's word; NULL all of them */
};

/* Plan one visit to `u`, which it takes over, for `country` or for all. */
static enum err
visit_one(struct ctx *c, enum upstream_op op, const struct upstream *u,
    const char *country, struct errands *out)
{
	const struct vars vars = {.country = country};
	struct errand *errand = NULL;
	struct visit *visit;
	enum err e = upstream_errand(c, u, op, &vars, &errand);

	if (e != OK) {
		upstream_release(u);
		return e;
	}
	visit = arena_one(errand->mem, struct visit);
	visit->upstream = u;
	visit->country = arena_dup(errand->mem, country);
	errand->item = visit;
	errand->over_by = 0; /* claims nothing: its turn may come late */
	errands_add(out, errand);
	return OK;
}

/* For an account that cannot be asked about all countries at once. */
static enum err
visit_countries(
    struct ctx *c, enum upstream_op op, int64_t id, struct errands *out)
{
	const struct native_row *rows;
	struct list list = {0};

	TRY(provider_store_countries(c, id, &list));
	rows = list.at;
	for (size_t i = 0; i < list.n; i++) {
		const struct upstream *u = upstream_hold(c, id);

		if (u != NULL)
			TRY(visit_one(c, op, u, rows[i].native, out));
	}
	return OK;
}

/*
 * One errand of `op` to every account that is switched on and can do it. One
 * account's fault is not the others'; the next sweep tries it again.
 */
static enum err
visit_all(struct ctx *c, enum upstream_op op, struct errands *out)
{
	const struct upstream **all = NULL;
	enum err worst = OK;
	size_t n = 0;

	TRY(upstream_list(c, &all, &n));
	for (size_t i = 0; i < n; i++) {
		int64_t id = all[i]->id;
		enum err failed;

		if (!all[i]->enabled || !engine_can(all[i]->descriptor, op)) {
			upstream_release(all[i]);
			continue;
		}
		if (visit_one(c, op, all[i], NULL, out) == OK)
			continue;
		ctx_forgive(c);
		failed = visit_countries(c, op, id, out);
		if (failed != OK)
			worst = failed;
	}
	return worst;
}

typedef enum err take_fn(
    struct ctx *c, const struct visit *visit, const struct outcome *o);

/*
 * Read and write the answers one by one: one account's fault is not the
 * others'. What cannot be written now is asked again by the next sweep.
 */
static enum err
settle_all(
    struct ctx *c, enum upstream_op op, struct errands *done, take_fn *take)
{
	enum err worst = OK;

	for (struct errand *e; (e = errands_take(done)) != NULL;) {
		const struct visit *visit = e->item;
		const struct upstream *u = visit->upstream;
		const struct vars vars = {.country = visit->country};
		struct outcome o;
		enum err failed = OK;

		upstream_read(c, u, op, &vars, e, &o);
		if (o.fault == FAULT_NONE)
			failed = take(c, visit, &o);
		else if (!e->missed)
			failed = provider_store_down(
			    c, u->id, "degraded", fault_text(o.fault));
		if (failed != OK)
			worst = failed;
		upstream_release(u);
		errand_free(&e);
	}
	return worst;
}

static struct price_line
line_of(const struct price_row *row)
{
	return (struct price_line){.service = row->service,
	    .country = row->country,
	    .operator= row->operator!= NULL ?
	    row->operator: "any",
	    .cost = row->cost,
	    .stock = row->stock,
	    .rate = row->rate };
}

/*
 * In parts, so that no statement is long, however long the list is. What a
 * list no longer holds is not seen any more, and so is none soon.
 */
static enum err
take_prices(struct ctx *c, const struct visit *visit, const struct outcome *o)
{
	const struct upstream *u = visit->upstream;
	struct price_line *lines =
	    arena_many(c->mem, struct price_line, PART_LINES);
	int64_t offers = 0;

	for (size_t from = 0; from < o->price_count; from += PART_LINES) {
		int64_t written = 0;
		size_t n = 0;

		for (; n < PART_LINES && from + n < o->price_count; n++)
			lines[n] = line_of(&o->prices[from + n]);
		TRY(provider_store_offers(
		    c, u->id, lines, n, PRICE_LIST_PART, &written));
		offers += written;
	}
	log_ev(c, LEVEL_INFO, "provider.prices", L_STR("provider", u->name),
	    L_STR("country", visit->country),
	    L_I64("lines", (int64_t)o->price_count), L_I64("offers", offers),
	    L_I64("skipped", (int64_t)o->skipped));
	return OK;
}

enum err
sync_prices_plan(struct ctx *c, struct errands *out, bool *more)
{
	*more = false;
	return visit_all(c, OP_PRICES, out);
}

enum err
sync_prices_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	(void)more; /* nothing follows */
	return settle_all(c, OP_PRICES, done, take_prices);
}

static enum err
take_balance(struct ctx *c, const struct visit *visit, const struct outcome *o)
{
	return provider_store_up(c, visit->upstream->id, o->amount);
}

enum err
sync_balances_plan(struct ctx *c, struct errands *out, bool *more)
{
	*more = false;
	return visit_all(c, OP_BALANCE, out);
}

enum err
sync_balances_settle(struct ctx *c, struct errands *done, struct errands *more)
{
	(void)more; /* nothing follows */
	return settle_all(c, OP_BALANCE, done, take_balance);
}
