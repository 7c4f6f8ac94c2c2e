#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/ledger.h"
#include "store/ledger_store.h"

static void
print_faults(const struct list *faults)
{
	const struct ledger_fault *f = faults->at;

	for (size_t i = 0; i < faults->n; i++)
		(void)printf("%s\t%s\texpected %s\tfound %s\n", f[i].invariant,
		    f[i].subject, f[i].expected, f[i].found);
}

enum err
ctl_ledger_verify(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(ledger_verify(c, &list));
	print_faults(&list);
	(void)printf("%zu differences\n", list.n);
	if (list.n > 0)
		return fail(c, ERR_INTERNAL, "the ledger does not add up");
	return OK;
}

enum err
ctl_ledger_status(struct ctx *c, int argc, char **argv)
{
	struct ledger_state s = {0};
	char at[CLOCK_TEXT_SIZE];

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(ledger_state(c, &s));
	(void)printf("money     %s\n", s.stopped ? "STOPPED" : "moves");
	if (s.switched_at != 0) {
		clock_print(s.switched_at, at);
		(void)printf(
		    "since     %s by %s: %s\n", at, s.switched_by, s.reason);
	}
	if (s.proved_at == 0) {
		(void)printf("proved    never\n");
		return OK;
	}
	clock_print(s.proved_at, at);
	(void)printf("proved    %s in %" PRId64 " ms, %" PRId64
		     " differences\n",
	    at, s.took_ms, s.differences);
	print_faults(&s.faults);
	return OK;
}

enum err
ctl_ledger_accounts(struct ctx *c, int argc, char **argv)
{
	const struct ledger_account *a;
	struct list list = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(ledger_accounts(c, &list));
	a = list.at;
	for (size_t i = 0; i < list.n; i++) {
		char balance[MONEY_TEXT_SIZE];

		money_print(a[i].balance, balance);
		(void)printf("%s\t%s\t%s\n", a[i].kind, a[i].provider, balance);
	}
	return OK;
}

static enum err
throw_switch(struct ctx *c, bool stop, int argc, char **argv)
{
	const char *reason = ctl_option(&argc, argv, "--reason");

	TRY(ctl_no_args(c, argc));
	if (reason == NULL)
		return fail(c, ERR_BAD_REQUEST, "a reason is needed");
	TRY(ledger_switch(
	    c, stop, arena_fmt(c->mem, "ctl:%u", getuid()), reason));
	(void)printf("money %s\n", stop ? "is stopped" : "moves");
	return OK;
}

enum err
ctl_ledger_stop(struct ctx *c, int argc, char **argv)
{
	return throw_switch(c, true, argc, argv);
}

enum err
ctl_ledger_resume(struct ctx *c, int argc, char **argv)
{
	return throw_switch(c, false, argc, argv);
}
