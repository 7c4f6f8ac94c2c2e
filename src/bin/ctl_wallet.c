#include <stdio.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/id.h"
#include "base/money.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "service/account.h"
#include "service/statement.h"
#include "service/wallet.h"

#define PAGE_MEMORY ((size_t)4 << 20)

static enum err
print_wallet(struct ctx *c, int64_t user)
{
	char available[MONEY_TEXT_SIZE];
	char bonus[MONEY_TEXT_SIZE];
	char held[MONEY_TEXT_SIZE];
	struct wallet w;

	TRY(wallet_find(c, user, &w));
	money_print(w.available, available);
	money_print(w.bonus, bonus);
	money_print(w.held, held);
	(void)printf("available %s bonus %s held %s %s\n", available, bonus,
	    held, w.currency);
	return OK;
}

enum err
ctl_wallet_show(struct ctx *c, int argc, char **argv)
{
	struct account a;

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "one address is needed");
	TRY(account_find_by_email(c, argv[0], &a));
	return print_wallet(c, a.user);
}

/* Take address and amount out, move the money, show what is there then. */
static enum err
change(struct ctx *c, int argc, char **argv, struct wallet_change *in)
{
	char id[ID_SIZE];
	struct account a;
	int64_t transfer;

	if (argc != 2 || text_is_empty(in->reason))
		return fail(c, ERR_BAD_REQUEST,
		    "an address, an amount and a reason are needed");
	if (!money_parse(argv[1] + (argv[1][0] == '+'), &in->amount) ||
	    in->amount == 0)
		return fail(c, ERR_BAD_REQUEST, "%s is no amount", argv[1]);
	TRY(account_find_by_email(c, argv[0], &a));
	id_new(id);
	in->user = a.user;
	in->actor = ctl_actor(c);
	if (in->key == NULL)
		in->key = arena_dup(c->mem, id);
	if (in->kind == NULL)
		in->kind = in->amount > 0 ? "deposit" : "adjust";
	TRY(wallet_change(c, in, &transfer));
	return print_wallet(c, a.user);
}

enum err
ctl_wallet_credit(struct ctx *c, int argc, char **argv)
{
	struct wallet_change in = {
	    .reason = ctl_option(&argc, argv, "--reason"),
	    .kind = ctl_option(&argc, argv, "--kind"),
	    .key = ctl_option(&argc, argv, "--key")};

	return change(c, argc, argv, &in);
}

enum err
ctl_wallet_adjust(struct ctx *c, int argc, char **argv)
{
	struct wallet_change in = {
	    .reason = ctl_option(&argc, argv, "--reason"),
	    .kind = "adjust",
	    .key = ctl_option(&argc, argv, "--key")};

	return change(c, argc, argv, &in);
}

/* Each page has memory of its own: the statement may be of any length. */
static enum err
print_page(struct ctx *c, struct statement *s, bool *more)
{
	struct arena *mem = arena_new("page", PAGE_MEMORY);
	struct ctx own = *c;
	struct buf page;
	enum err e;

	own.mem = mem;
	buf_init(&page, mem);
	e = statement_next(&own, s, &page, more);
	if (e != OK)
		e = fail(c, e, "%s", own.err_why);
	else if (fwrite(page.at, 1, page.len, stdout) != page.len)
		e = fail(c, ERR_UNAVAILABLE, "standard output is closed");
	arena_free(&mem);
	return e;
}

enum err
ctl_wallet_statement(struct ctx *c, int argc, char **argv)
{
	const char *from = ctl_option(&argc, argv, "--from");
	const char *to = ctl_option(&argc, argv, "--to");
	struct statement s;
	struct account a;
	int64_t since;
	int64_t before;
	bool more = true;

	if (argc != 1)
		return fail(c, ERR_BAD_REQUEST, "one address is needed");
	TRY(ctl_time(c, from, &since));
	TRY(ctl_time(c, to, &before));
	TRY(account_find_by_email(c, argv[0], &a));
	TRY(statement_open(c, a.user, since, before, &s));
	while (more)
		TRY(print_page(c, &s, &more));
	return OK;
}
