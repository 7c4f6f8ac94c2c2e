#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/id.h"
#include "base/money.h"
#include "bin/ctl.h"
#include "io/schema.h"
#include "service/receipt.h"
#include "service/timeline.h"

#define RECEIPT_MAX 65536 /* bytes */

static void
print_row(const struct timeline_row *r)
{
	char at[CLOCK_TEXT_SIZE];
	char amount[MONEY_TEXT_SIZE];

	clock_print(r->at, at);
	(void)printf("%s\t%s\t%s", at, r->kind, r->what);
	if (r->state != NULL)
		(void)printf("\t-> %s", r->state);
	if (r->attempt != 0)
		(void)printf("\tattempt %" PRId64, r->attempt);
	if (r->provider != NULL)
		(void)printf("\t%s", r->provider);
	if (r->upstream_id != NULL)
		(void)printf("\t#%s", r->upstream_id);
	if (r->amount != 0) {
		money_print(r->amount, amount);
		(void)printf("\t%s", amount);
	}
	if (r->fx_rate != 0) {
		money_print_short(r->fx_rate, 2, amount);
		(void)printf("\tat %s for one %s", amount, r->currency);
	}
	(void)printf("\tby %s%s%s\n", r->actor, r->cause[0] != '\0' ? ": " : "",
	    r->cause);
	if (r->request != NULL)
		(void)printf("\t%s\n\t%" PRId64 " %s\n", r->request,
		    r->http_status, r->answer);
}

enum err
ctl_number_timeline(struct ctx *c, int argc, char **argv)
{
	struct list rows = {0};

	if (argc != 1 || !id_is_valid(argv[0]))
		return fail(c, ERR_BAD_REQUEST, "the id of a number is needed");
	TRY(timeline_list(c, argv[0], 0, &rows));
	for (size_t i = 0; i < rows.n; i++)
		print_row((const struct timeline_row *)rows.at + i);
	return OK;
}

enum err
ctl_receipt_keys(struct ctx *c, int argc, char **argv)
{
	struct list keys = {0};

	(void)argv;
	TRY(ctl_no_args(c, argc));
	receipt_keys(c, &keys);
	for (size_t i = 0; i < keys.n; i++) {
		const struct receipt_key *k =
		    (const struct receipt_key *)keys.at + i;

		(void)printf("%s\t%s\n", k->id, k->public_key);
	}
	return OK;
}

enum err
ctl_receipt_verify(struct ctx *c, int argc, char **argv)
{
	const char *key = ctl_option(&argc, argv, "--key");
	const char *text = NULL;
	const char *body = NULL;
	size_t n = 0;

	if (argc != 1 || key == NULL)
		return fail(
		    c, ERR_BAD_REQUEST, "a file and a public key are needed");
	TRY(file_read(c, argv[0], RECEIPT_MAX, &text, &n));
	if (receipt_verify(c, text, n, key, &body) != OK)
		return fail(c, ERR_UNAUTHENTIC, "%s: not proved: %s", argv[0],
		    c->err_why);
	(void)printf("%s\n", body);
	return OK;
}
