#include <stdio.h>

#include "base/clock.h"
#include "base/money.h"
#include "bin/ctl.h"
#include "io/rules.h"
#include "io/schema.h"
#include "service/fx.h"

static void
print_rates(const struct list *list)
{
	const struct fx_row *r = list->at;

	for (size_t i = 0; i < list->n; i++) {
		char rate[MONEY_TEXT_SIZE];
		char at[CLOCK_TEXT_SIZE];

		if (r[i].rate == 0) {
			(void)printf("%s\tno rate\n", r[i].currency);
			continue;
		}
		money_print(r[i].rate, rate);
		clock_print(r[i].valid_from, at);
		(void)printf("%s\t%s\t%s\tby %s: %s\n", r[i].currency, rate, at,
		    r[i].actor, r[i].reason);
	}
}

enum err
ctl_fx_set(struct ctx *c, int argc, char **argv)
{
	struct fx_row rate = {.reason = ctl_option(&argc, argv, "--reason"),
	    .actor = ctl_actor(c)};

	if (argc != 2 || !is_currency_code(argv[0]) ||
	    !money_parse(argv[1], &rate.rate) || rate.rate <= 0)
		return fail(
		    c, ERR_BAD_REQUEST, "a currency and a rate are needed");
	rate.currency = argv[0];
	if (rate.reason == NULL)
		rate.reason = "set by hand";
	return fx_set(c, &rate);
}

enum err
ctl_fx_list(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(fx_list(c, &list));
	print_rates(&list);
	return OK;
}

enum err
ctl_fx_history(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "a currency is needed");
	TRY(fx_history(c, argv[0], &list));
	print_rates(&list);
	return OK;
}
