#include <inttypes.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/money.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/voucher.h"

#define COUNT_MAX 1000000
#define PAGE      500

/* Index of a word in a list that ends with NULL; NULL is the first. */
static enum err
read_word(struct ctx *c, const char *word, const char *const *words, int *out)
{
	*out = 0;
	if (word == NULL)
		return OK;
	for (; words[*out] != NULL; (*out)++)
		if (text_eq(words[*out], word))
			return OK;
	return fail(c, ERR_BAD_REQUEST, "%s is none of them", word);
}

/* Each part is a transaction: the codes that were printed are good. */
static enum err
generate(struct ctx *c, const struct voucher_ask *ask, int64_t count)
{
	struct voucher_code *codes =
	    arena_many(c->mem, struct voucher_code, VOUCHER_MAKE_MAX);

	while (count > 0) {
		struct arena *mem = arena_new("part", (size_t)4 << 20);
		struct ctx own = *c;
		size_t n =
		    count < VOUCHER_MAKE_MAX ? (size_t)count : VOUCHER_MAKE_MAX;
		enum err e;

		own.mem = mem;
		e = voucher_make(&own, ask, codes, n);
		if (e != OK)
			e = fail(c, e, "%s", own.err_why);
		arena_free(&mem);
		TRY(e);
		for (size_t i = 0; i < n; i++)
			(void)puts(codes[i].text);
		if (fflush(stdout) != 0)
			return fail(c, ERR_UNAVAILABLE, "codes were lost");
		count -= (int64_t)n;
	}
	return OK;
}

enum err
ctl_voucher_generate(struct ctx *c, int argc, char **argv)
{
	const char *count = ctl_option(&argc, argv, "--count");
	const char *amount = ctl_option(&argc, argv, "--amount");
	const char *kind = ctl_option(&argc, argv, "--kind");
	const char *expires = ctl_option(&argc, argv, "--expires");
	struct voucher_ask ask = {.actor = ctl_actor(c),
	    .batch = ctl_option(&argc, argv, "--batch"),
	    .reason = ctl_option(&argc, argv, "--reason")};
	int64_t n = 0;

	TRY(ctl_no_args(c, argc));
	if (count == NULL || !text_to_i64(count, 1, COUNT_MAX, &n))
		return fail(c, ERR_BAD_REQUEST, "--count: 1 to a million");
	if (amount == NULL || !money_parse(amount, &ask.amount) ||
	    ask.amount <= 0)
		return fail(c, ERR_BAD_REQUEST, "--amount: above 0");
	TRY(read_word(c, kind, voucher_kinds, &ask.kind));
	TRY(ctl_time(c, expires, &ask.expires_at));
	if (ask.expires_at != 0 && ask.expires_at <= clock_now())
		return fail(c, ERR_BAD_REQUEST, "--expires is over");
	return generate(c, &ask, n);
}

static void
print_time(const char *what, int64_t at, const char *by)
{
	char text[CLOCK_TEXT_SIZE];

	if (at == 0)
		return;
	clock_print(at, text);
	(void)printf("\t%s %s%s%s", what, text, by != NULL ? " by " : "",
	    by != NULL ? by : "");
}

static void
print_voucher(const struct voucher_row *v)
{
	char amount[MONEY_TEXT_SIZE];

	money_print_short(v->amount, 2, amount);
	(void)printf("%" PRId64 "\t...%s\t%s\t%s\t%s\t%s", v->id, v->hint,
	    v->state, v->kind, amount, v->batch);
	print_time("made", v->created_at, v->created_by);
	print_time("expires", v->expires_at, NULL);
	print_time("redeemed", v->redeemed_at, v->redeemed_by);
	print_time("revoked", v->revoked_at, v->revoked_by);
	(void)printf("\t%s\n", v->reason);
}

static enum err
list_page(struct ctx *c, struct voucher_query *q, bool *more)
{
	struct arena *mem = arena_new("page", (size_t)4 << 20);
	struct ctx own = *c;
	struct list list = {0};
	const struct voucher_row *rows;
	enum err e;

	own.mem = mem;
	e = voucher_list(&own, q, &list);
	if (e != OK)
		e = fail(c, e, "%s", own.err_why);
	rows = list.at;
	for (size_t i = 0; i < list.n; i++) {
		print_voucher(&rows[i]);
		q->before = rows[i].id;
	}
	*more = list.n == PAGE;
	arena_free(&mem);
	return e;
}

enum err
ctl_voucher_list(struct ctx *c, int argc, char **argv)
{
	const char *state = ctl_option(&argc, argv, "--state");
	struct voucher_query q = {
	    .batch = ctl_option(&argc, argv, "--batch"), .limit = PAGE};
	bool more = true;

	TRY(ctl_no_args(c, argc));
	TRY(read_word(c, state, voucher_states, &q.state));
	while (more)
		TRY(list_page(c, &q, &more));
	return OK;
}

enum err
ctl_voucher_revoke(struct ctx *c, int argc, char **argv)
{
	const char *batch = ctl_option(&argc, argv, "--batch");
	int64_t id = 0;

	if (batch != NULL) {
		TRY(ctl_no_args(c, argc));
		TRY(voucher_revoke_batch(c, batch, ctl_actor(c), &id));
		(void)printf("%" PRId64 " revoked\n", id);
		return OK;
	}
	if (argc != 1 || !text_to_i64(argv[0], 1, INT64_MAX, &id))
		return fail(c, ERR_BAD_REQUEST,
		    "the id of a voucher or "
		    "--batch is needed");
	return voucher_revoke(c, id, ctl_actor(c));
}
