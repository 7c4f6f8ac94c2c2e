#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/explain.h"

static const char *
print_money(struct ctx *c, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	money_print_short(micros, 2, text);
	return arena_dup(c->mem, text);
}

/* Millionths of a score, with two places. */
static const char *
points(struct ctx *c, int64_t ppm)
{
	return print_money(c, ppm / 10000 * 10000);
}

static void
print_option(struct ctx *c, const struct explained_option *o)
{
	(void)printf("  %s\t%s\tcost %s\tprice %s\tfloor %s\trule %" PRId64
		     "\tstock %" PRId64 "\n",
	    o->provider, o->operator!= NULL ? o->operator: "-",
	    print_money(c, o->cost), print_money(c, o->price),
	    print_money(c, o->floor), o->rule_id, o->stock);
	if (o->refused == NULL)
		(void)printf("    score %s = points %s, cost %s, latency %s, "
			     "delivery %s (%" PRId64 " of %" PRId64
			     "), stock %s; luck %s\n",
		    points(c, o->score), points(c, o->by_points),
		    points(c, o->by_cost), points(c, o->by_latency),
		    points(c, o->by_delivery), o->delivered, o->ended,
		    points(c, o->by_stock), points(c, o->luck));
	(void)printf("    %s: %s\n",
	    o->chosen              ? "asked" :
		o->refused != NULL ? "left out" :
				     "not asked",
	    o->why);
}

static void
print_try(struct ctx *c, const struct explained_try *t)
{
	char at[CLOCK_TEXT_SIZE];

	clock_print(t->at, at);
	(void)printf("\n%s\ttry %" PRId64 "\t%s\n", at, t->no, t->said);
	if (t->provider != NULL)
		(void)printf("  price up to %s, cost up to %s\n",
		    print_money(c, t->limit), print_money(c, t->max_cost));
	for (size_t i = 0; i < t->options.n; i++)
		print_option(
		    c, (const struct explained_option *)t->options.at + i);
}

enum err
ctl_order_explain(struct ctx *c, int argc, char **argv)
{
	struct explained found = {0};
	const struct decision_number_row *n;

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "a number is needed");
	TRY(explain_number(c, argv[0], &found));
	n = found.number;
	(void)printf("%s\t%" PRId64 "\t%s\t%s\t%s\t%s\t%s\n%s\n", n->id,
	    n->number, n->service, n->country, n->operator, n->state,
	    n->provider != NULL ? n->provider : "-", found.priced);
	for (size_t i = 0; i < found.tries.n; i++)
		print_try(c, (const struct explained_try *)found.tries.at + i);
	return OK;
}
