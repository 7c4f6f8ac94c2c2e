#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/money.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/receivable.h"

#define LISTED 10000

static void
print_age(const struct receivable_age *a)
{
	const int64_t sums[] = {
	    a->is_open, a->day, a->week, a->month, a->older};
	const char *const names[] = {
	    "open", "up to 1 day", "7 days", "30 days", "older"};
	char amount[MONEY_TEXT_SIZE];

	(void)printf("%s\t%" PRId64 " numbers", a->provider, a->numbers);
	for (size_t i = 0; i < sizeof(sums) / sizeof(sums[0]); i++) {
		money_print(sums[i], amount);
		(void)printf("\t%s %s", names[i], amount);
	}
	(void)printf("\n");
}

static void
print_receivable(const struct receivable_row *r)
{
	char at[CLOCK_TEXT_SIZE];
	char open[MONEY_TEXT_SIZE];
	char cost[MONEY_TEXT_SIZE];

	clock_print(r->since, at);
	money_print(r->is_open, open);
	money_print(r->cost, cost);
	(void)printf("%s\t%s\t%s\t%s of %s\t%s\n", at, r->provider,
	    r->upstream_id != NULL ? r->upstream_id : "-", open, cost,
	    r->activation_id);
}

enum err
ctl_order_receivables(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	if (argc > 1)
		return fail(c, ERR_BAD_REQUEST, "one provider at most");
	if (argc == 0) {
		TRY(receivable_ages(c, &list));
		for (size_t i = 0; i < list.n; i++)
			print_age((const struct receivable_age *)list.at + i);
		return OK;
	}
	TRY(receivable_list(c, argv[0], LISTED, &list));
	for (size_t i = 0; i < list.n; i++)
		print_receivable((const struct receivable_row *)list.at + i);
	return OK;
}

static struct receivable_evidence
evidence(struct ctx *c, char **argv, const char *reason)
{
	return (struct receivable_evidence){.provider = argv[0],
	    .upstream_id = argv[1],
	    .actor = arena_fmt(c->mem, "ctl:%u", getuid()),
	    .reason = reason};
}

enum err
ctl_order_refund(struct ctx *c, int argc, char **argv)
{
	const char *reason = ctl_option(&argc, argv, "--reason");
	const char *key = ctl_option(&argc, argv, "--key");
	struct receivable_evidence in;
	char text[MONEY_TEXT_SIZE];
	char id[ID_SIZE];
	int64_t open = 0;

	if (argc != 3 || reason == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "a provider, its number, an amount and a reason are needed");
	in = evidence(c, argv, reason);
	if (!money_parse(argv[2], &in.amount) || in.amount <= 0)
		return fail(c, ERR_BAD_REQUEST, "%s is no amount", argv[2]);
	id_new(id);
	in.key = key != NULL ? key : id;
	TRY(receivable_refund(c, &in, &open));
	money_print(open, text);
	(void)printf("open %s\n", text);
	return OK;
}

enum err
ctl_order_write_off(struct ctx *c, int argc, char **argv)
{
	const char *reason = ctl_option(&argc, argv, "--reason");
	struct receivable_evidence in;
	char text[MONEY_TEXT_SIZE];
	int64_t lost = 0;

	if (argc != 2 || reason == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "a provider, its number and a reason are needed");
	in = evidence(c, argv, reason);
	TRY(receivable_write_off(c, &in, &lost));
	money_print(lost, text);
	(void)printf("lost %s\n", text);
	return OK;
}

static void
print_doubt(const struct doubt_row *d)
{
	char at[CLOCK_TEXT_SIZE];
	char amount[MONEY_TEXT_SIZE];

	clock_print(d->opened_at, at);
	money_print(d->amount, amount);
	(void)printf("%s\t%s\t%s\t%s\t%s\t%s\n", d->attempt_id, at, d->provider,
	    d->upstream_id != NULL ? d->upstream_id : "-", amount, d->cause);
}

enum err
ctl_order_doubts(struct ctx *c, int argc, char **argv)
{
	struct list list = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(doubt_list(c, LISTED, &list));
	for (size_t i = 0; i < list.n; i++)
		print_doubt((const struct doubt_row *)list.at + i);
	return OK;
}

enum err
ctl_order_doubt(struct ctx *c, int argc, char **argv)
{
	struct doubt_end in = {.reason = ctl_option(&argc, argv, "--reason")};
	char text[MONEY_TEXT_SIZE];
	int64_t lost = 0;

	if (argc != 2 || in.reason == NULL)
		return fail(c, ERR_BAD_REQUEST,
		    "a purchase, an amount and a reason are needed");
	if (!money_parse(argv[1], &in.back) || in.back < 0)
		return fail(c, ERR_BAD_REQUEST, "%s is no amount", argv[1]);
	in.attempt = argv[0];
	in.actor = arena_fmt(c->mem, "ctl:%u", getuid());
	TRY(doubt_close(c, &in, &lost));
	money_print(lost, text);
	(void)printf("lost %s\n", text);
	return OK;
}
