/*
 * status - what the words mean that the functions of sql/functions give in
 * their column `status`, and results that are one number.
 */
#ifndef STORE_STATUS_H
#define STORE_STATUS_H

#include <stdint.h>

#include "base/ctx.h"
#include "io/schema.h"

/*
 * OK for 'ok' and 'replay', the error of that wire name, ERR_CONFLICT for
 * 'fenced' and 'duplicate', ERR_INTERNAL for a word that is not known.
 */
enum err status_err(const char *status);

/* A row of one number named n. */
struct number_row {
	int64_t n;
};
extern const struct schema number_row_schema;

/* A row of one word named status. */
struct status_row {
	const char *status;
};
extern const struct schema status_row_schema;

#endif
