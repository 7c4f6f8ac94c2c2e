#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/drift.h"
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

static void
print_drift(const struct drift_row *d)
{
	char at[CLOCK_TEXT_SIZE] = "no baseline yet";
	char seen[CLOCK_TEXT_SIZE];
	char balance[MONEY_TEXT_SIZE];
	char drift[MONEY_TEXT_SIZE];
	char moving[MONEY_TEXT_SIZE];

	if (d->since != 0)
		clock_print(d->since, at);
	clock_print(d->seen_at, seen);
	money_print(d->balance, balance);
	money_print(d->drift, drift);
	money_print(d->moving, moving);
	(void)printf("%s\t%s\tbalance %s %s\tdrift %s\tmoving %s\tsince %s\t"
		     "told %lld\n",
	    d->provider, seen, balance, d->currency, drift, moving, at,
	    (long long)d->told);
}

enum err
ctl_provider_drift(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(drift_list(c, &list));
	for (size_t i = 0; i < list.n; i++)
		print_drift((const struct drift_row *)list.at + i);
	return OK;
}

enum err
ctl_provider_baseline(struct ctx *c, int argc, char **argv)
{
	const char *reason = ctl_option(&argc, argv, "--reason");
	char text[MONEY_TEXT_SIZE];
	int64_t left = 0;

	if (argc != 1 || reason == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "a provider's name and a reason are needed");
	TRY(drift_baseline(
	    c, argv[0], arena_fmt(c->mem, "ctl:%u", getuid()), reason, &left));
	money_print(left, text);
	(void)printf("drift was %s\n", text);
	return OK;
}
