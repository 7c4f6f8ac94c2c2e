#include "store/canary_store.h"

#include "io/db.h"

struct canary_row {
	const char *sealed;
};
static const struct field canary_row_fields[] = {
    FIELD(canary_row, sealed, TEXT, REQUIRED),
};
static SCHEMA(canary_row);

enum err
canary_store_find(
    struct ctx *c, const unsigned char **sealed, size_t *n, bool *found)
{
	struct canary_row row = {0};

	TRY(db_maybe(c, canary_find, &canary_row_schema, &row, found));
	return *found ? db_bytes(c, row.sealed, sealed, n) : OK;
}

enum err
canary_store_add(struct ctx *c, const unsigned char *sealed, size_t n)
{
	return db_exec(c, canary_add, NULL, P_BYTES(sealed, n));
}
