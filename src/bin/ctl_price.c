#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/price.h"

static const char *
actor_of(struct ctx *c)
{
	return arena_fmt(c->mem, "ctl:%u", getuid());
}

static const char *
or_any(const char *text)
{
	return text != NULL ? text : "any";
}

static const char *
print_money(struct ctx *c, int64_t micros)
{
	char text[MONEY_TEXT_SIZE];

	money_print_short(micros, 2, text);
	return arena_dup(c->mem, text);
}

static void
print_rule(struct ctx *c, const struct price_rule *r)
{
	char at[CLOCK_TEXT_SIZE];

	(void)printf("%" PRId64 "\t%s\t%s\t%s\tpriority %" PRId64
		     "\t+%s%%\tat least +%s\tminimum %s\trounded up to %s\t"
		     "ending %s\tby %s\t%s",
	    r->id, or_any(r->service), or_any(r->country), or_any(r->provider),
	    r->priority, print_money(c, r->percent), print_money(c, r->fixed),
	    print_money(c, r->minimum), print_money(c, r->round_to),
	    print_money(c, r->ending), r->created_by, r->reason);
	if (r->ended_at != 0) {
		clock_print(r->ended_at, at);
		(void)printf("\tended %s by %s", at, r->ended_by);
	}
	(void)printf("\n");
}

enum err
ctl_price_rule_list(struct ctx *c, int argc, char **argv)
{
	bool all = ctl_flag(&argc, argv, "--all");
	struct price_floor floor = {0};
	struct list list = {0};

	TRY(ctl_no_args(c, argc));
	TRY(price_list(c, all ? PRICE_RULES_ALL : PRICE_RULES_IN_FORCE, &list));
	TRY(price_floor(c, &floor));
	for (size_t i = 0; i < list.n; i++)
		print_rule(c, (const struct price_rule *)list.at + i);
	(void)printf("floor\tcost +%s%%, at least +%s\n",
	    print_money(c, floor.percent), print_money(c, floor.amount));
	return OK;
}

/* An amount, or NULL and it stays as it is. */
static enum err
read_money(struct ctx *c, const char *text, int64_t *out)
{
	if (text != NULL && (!money_parse(text, out) || *out < 0))
		return fail(c, ERR_BAD_REQUEST, "%s is no amount", text);
	return OK;
}

/* "30%" or "30". */
static enum err
read_percent(struct ctx *c, const char *text, int64_t *out)
{
	size_t n = text != NULL ? strlen(text) : 0;

	if (n > 0 && text[n - 1] == '%')
		text = arena_fmt(c->mem, "%.*s", (int)n - 1, text);
	return read_money(c, text, out);
}

static enum err
read_amounts(struct ctx *c, int *argc, char **argv, struct price_rule *rule)
{
	TRY(read_money(c, ctl_option(argc, argv, "--fixed"), &rule->fixed));
	TRY(read_money(c, ctl_option(argc, argv, "--minimum"), &rule->minimum));
	TRY(read_money(c, ctl_option(argc, argv, "--round"), &rule->round_to));
	return read_money(c, ctl_option(argc, argv, "--ending"), &rule->ending);
}

enum err
ctl_price_rule_add(struct ctx *c, int argc, char **argv)
{
	const char *percent = ctl_option(&argc, argv, "--percent");
	const char *priority = ctl_option(&argc, argv, "--priority");
	struct price_rule rule = {
	    .service = ctl_option(&argc, argv, "--service"),
	    .country = ctl_option(&argc, argv, "--country"),
	    .provider = ctl_option(&argc, argv, "--provider"),
	    .reason = ctl_option(&argc, argv, "--reason"),
	    .created_by = actor_of(c)};

	TRY(read_amounts(c, &argc, argv, &rule));
	TRY(read_percent(c, percent, &rule.percent));
	if (percent == NULL)
		return fail(c, ERR_BAD_REQUEST, "a percentage is needed");
	if (priority != NULL &&
	    !text_to_i64(priority, -1000000, 1000000, &rule.priority))
		return fail(c, ERR_BAD_REQUEST, "%s is no priority", priority);
	TRY(ctl_no_args(c, argc));
	TRY(price_add(c, &rule, &rule));
	print_rule(c, &rule);
	return OK;
}

enum err
ctl_price_rule_end(struct ctx *c, int argc, char **argv)
{
	int64_t id = 0;

	if (argc != 1 || !text_to_i64(argv[0], 1, INT64_MAX, &id))
		return fail(c, ERR_BAD_REQUEST, "the id of a rule is needed");
	return price_end(c, id, actor_of(c));
}

enum err
ctl_price_rule_explain(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	if (argc != 2)
		return fail(
		    c, ERR_BAD_REQUEST, "a service and a country are needed");
	TRY(price_explain(c, argv[0], argv[1], &list));
	for (size_t i = 0; i < list.n; i++) {
		const struct price_explained_row *r =
		    (const struct price_explained_row *)list.at + i;

		(void)printf("%s\t%s\tcost %s\tfloor %s\t", r->provider,
		    r->operator, print_money(c, r->cost),
		    print_money(c, r->floor));
		if (r->rule_id == 0)
			(void)printf("no rule gives a price");
		else
			(void)printf("price %s by rule %" PRId64,
			    print_money(c, r->price), r->rule_id);
		(void)printf("\tstock %" PRId64 "\tdelivered %" PRId64
			     " of %" PRId64 "\n",
		    r->stock, r->delivered, r->ended);
	}
	return OK;
}

enum err
ctl_price_floor(struct ctx *c, int argc, char **argv)
{
	struct price_floor floor = {0};

	if (argc != 2)
		return fail(c, ERR_BAD_REQUEST,
		    "a percentage and an amount are needed");
	TRY(read_percent(c, argv[0], &floor.percent));
	TRY(read_money(c, argv[1], &floor.amount));
	return price_set_floor(c, &floor, actor_of(c));
}
