/*
 * err - the one error type. Zero is success; every other value is a row of
 * err.def, which also gives its HTTP status, log level and public wording.
 *
 * ERR_UNCERTAIN is a kind of its own: "the other side may have done it"
 * (a purchase that timed out, a commit without an answer). It is never
 * retried blindly, always handed to reconciliation.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

enum err {
	OK = 0,
#define ERR(code, name, http, level, retry, hapi, fivesim, text) ERR_##code,
#include "base/err.def"
#undef ERR
	ERR__MAX,
	/* Not an error: the handler parked the request; it is answered later.
	 */
	SUSPENDED
};

enum err_level { LEVEL_DEBUG, LEVEL_INFO, LEVEL_WARN, LEVEL_ERROR };
enum err_retry { RETRY_NEVER, RETRY_LATER };

struct err_row {
	const char *name;    /* stable, on the wire */
	const char *text;    /* one public sentence */
	const char *hapi;    /* word of the handler_api protocol */
	const char *fivesim; /* text of the 5sim protocol */
	int http;
	enum err_level level;
	enum err_retry retry;
};

/* The row of `e`; never NULL, an unknown value reads as INTERNAL. */
const struct err_row *err_row(enum err e);

#define MUST_CHECK __attribute__((warn_unused_result))

/* Return the error of `expr`, if any, from the calling function. */
#define TRY(expr)                          \
	do {                               \
		enum err try_err = (expr); \
		if (try_err != OK)         \
			return try_err;    \
	} while (0)

#endif
