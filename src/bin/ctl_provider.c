#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/money.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/provider.h"

#define KEY_MAX    4096
#define NUMBER_MAX 10000

/* The account's secret is the first line of standard input. */
static enum err
read_key(struct ctx *c, const char **out)
{
	char line[KEY_MAX];

	if (fgets(line, sizeof(line), stdin) == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "the account's key is read from standard input");
	*out = text_trim(c->mem, line);
	return OK;
}

static enum err
read_number(struct ctx *c, const char *text, int64_t lo, int64_t *out)
{
	if (text != NULL && !text_to_i64(text, lo, NUMBER_MAX, out))
		return fail(c, ERR_BAD_REQUEST, "%s: %d to %d", text, (int)lo,
		    NUMBER_MAX);
	return OK;
}

/* What the account bears, where that is not what its descriptor says. */
static enum err
read_limits(struct ctx *c, int *argc, char **argv, struct provider_setup *setup)
{
	TRY(read_number(c, ctl_option(argc, argv, "--rps"), 0, &setup->rps));
	TRY(read_number(
	    c, ctl_option(argc, argv, "--buy-rps"), 0, &setup->buy_rps));
	return read_number(
	    c, ctl_option(argc, argv, "--concurrency"), 0, &setup->concurrency);
}

enum err
ctl_provider_add(struct ctx *c, int argc, char **argv)
{
	const char *fx = ctl_option(&argc, argv, "--fx");
	const char *priority = ctl_option(&argc, argv, "--priority");
	struct provider_setup setup = {
	    .dialect = ctl_option(&argc, argv, "--descriptor"),
	    .base = ctl_option(&argc, argv, "--base"),
	    .currency = ctl_option(&argc, argv, "--currency"),
	    .rps = -1,
	    .buy_rps = -1,
	    .concurrency = -1};

	TRY(read_limits(c, &argc, argv, &setup));
	if (argc != 1 || setup.dialect == NULL)
		return fail(
		    c, ERR_BAD_REQUEST, "a name and a descriptor are needed");
	if (fx != NULL &&
	    (!money_parse(fx, &setup.fx_rate) || setup.fx_rate <= 0))
		return fail(c, ERR_BAD_REQUEST, "%s is no rate", fx);
	TRY(read_number(c, priority, 1, &setup.priority));
	setup.name = argv[0];
	TRY(read_key(c, &setup.key));
	return provider_put(c, &setup);
}

enum err
ctl_provider_list(struct ctx *c, int argc, char **argv)
{
	const struct provider *all;
	struct list list = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(provider_list(c, &list));
	all = list.at;
	for (size_t i = 0; i < list.n; i++) {
		char balance[MONEY_TEXT_SIZE] = "-";

		if (all[i].balance_known)
			money_print_short(all[i].balance, 2, balance);
		(void)printf("%s\t%s\t%s\t%s\t%s %s\t%lld offers\t%s\n",
		    all[i].name, all[i].dialect, all[i].enabled ? "on" : "off",
		    provider_states[all[i].state], balance, all[i].currency,
		    (long long)all[i].offers,
		    all[i].last_error != NULL ? all[i].last_error : "");
	}
	return OK;
}

static enum err
switch_to(struct ctx *c, int argc, char **argv, bool on)
{
	struct provider p;

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "a provider's name is needed");
	return provider_switch(c, argv[0], on, &p);
}

enum err
ctl_provider_enable(struct ctx *c, int argc, char **argv)
{
	return switch_to(c, argc, argv, true);
}

enum err
ctl_provider_disable(struct ctx *c, int argc, char **argv)
{
	return switch_to(c, argc, argv, false);
}
