/*
 * statement - a user's transfers as comma-separated values (RFC 4180), made
 * page by page: it may be of any length and never is in memory as a whole.
 *
 * The first line names the columns. amount is what changed of what is
 * available, held of what is set aside, balance what was available after it:
 * each balance is the one before it plus the amount. A text that a
 * spreadsheet would take for a formula begins with an apostrophe.
 */
#ifndef SERVICE_STATEMENT_H
#define SERVICE_STATEMENT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "store/wallet_store.h"

struct buf;

struct statement {
	int64_t user;
	struct statement_range range; /* what is still to come */
	bool is_begun;
};

/* Since `from`, before `to`; 0 no limit. ERR_NOT_FOUND: no such user. */
enum err statement_open(struct ctx *c, int64_t user, int64_t from, int64_t to,
    struct statement *out) MUST_CHECK;

/* Append the next lines; *more is false behind the last. */
enum err statement_next(
    struct ctx *c, struct statement *s, struct buf *out, bool *more) MUST_CHECK;

#endif
