#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/money.h"
#include "bin/ctl.h"
#include "service/account.h"
#include "service/wallet.h"

static void
print_wallet(const struct wallet *w)
{
	char available[MONEY_TEXT_SIZE];
	char held[MONEY_TEXT_SIZE];

	money_print(w->available, available);
	money_print(w->held, held);
	(void)printf("available %s held %s %s\n", available, held, w->currency);
}

enum err
ctl_wallet_show(struct ctx *c, int argc, char **argv)
{
	struct account a;
	struct wallet w;

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "one address is needed");
	TRY(account_find_by_email(c, argv[0], &a));
	TRY(wallet_find(c, a.user, &w));
	print_wallet(&w);
	return OK;
}

enum err
ctl_wallet_credit(struct ctx *c, int argc, char **argv)
{
	const char *reason = ctl_option(&argc, argv, "--reason");
	const char *kind = ctl_option(&argc, argv, "--kind");
	const char *key = ctl_option(&argc, argv, "--key");
	struct wallet_change change = {.reason = reason};
	char id[ID_SIZE];
	struct account a;
	struct wallet w;

	if (argc != 2 || reason == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "an address, an amount and a reason are needed");
	if (!money_parse(argv[1], &change.amount) || change.amount == 0)
		return fail(c, ERR_BAD_REQUEST, "%s is no amount", argv[1]);
	TRY(account_find_by_email(c, argv[0], &a));
	id_new(id);
	change.user = a.user;
	change.key = key != NULL ? key : id;
	change.kind = kind != NULL ? kind :
	    change.amount > 0      ? "deposit" :
				     "adjust";
	change.actor = arena_fmt(c->mem, "ctl:%u", getuid());
	TRY(wallet_change(c, &change, &w));
	print_wallet(&w);
	return OK;
}
