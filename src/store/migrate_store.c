#include "store/migrate_store.h"

#include "io/db.h"
#include "store/status.h"

static const struct field migrate_row_fields[] = {
    FIELD(migrate_row, kind, TEXT, REQUIRED),
    FIELD(migrate_row, name, TEXT, REQUIRED),
    FIELD(migrate_row, sha256, TEXT, REQUIRED),
    FIELD(migrate_row, applied_at, TIME, REQUIRED),
};
static SCHEMA(migrate_row);

struct alone {
	enum err (*fn)(struct ctx *c, void *arg);
	void *arg;
};

enum err
migrate_store_list(struct ctx *c, struct list *out)
{
	struct number_row exists = {0};

	*out = (struct list){0};
	TRY(db_one(c, migrate_exists, &number_row_schema, &exists));
	if (exists.n == 0)
		return OK;
	return db_many(c, migrate_list, &migrate_row_schema, out);
}

enum err
migrate_store_sum(struct ctx *c, const char *text, const char **out)
{
	struct status_row r = {0};

	TRY(db_one(c, migrate_sum, &status_row_schema, &r, P_TEXT(text)));
	*out = r.status;
	return OK;
}

static enum err
run_alone(struct ctx *c, void *arg)
{
	const struct alone *a = arg;

	TRY(db_exec(c, migrate_lock, NULL));
	TRY(db_exec(c, migrate_patience, NULL));
	return a->fn(c, a->arg);
}

enum err
migrate_store_alone(
    struct ctx *c, enum err (*fn)(struct ctx *c, void *arg), void *arg)
{
	struct alone a = {.fn = fn, .arg = arg};

	return db_tx(c, run_alone, &a);
}

enum err
migrate_store_run(
    struct ctx *c, const struct migrate_row *row, const char *text)
{
	TRY(db_run_script(c, text));
	return db_exec(c, migrate_note, NULL, P_TEXT(row->kind),
	    P_TEXT(row->name), P_TEXT(row->sha256));
}
