#include "unit/io/db_fixture.h"

#include "base/arena.h"
#include "harness/scratch.h"
#include "harness/suite.h"

static const struct field item_fields[] = {
    FIELD(item, id, INT, REQUIRED),
    FIELD(item, name, TEXT, OPTIONAL),
};
SCHEMA(item);

static const struct field settings_fields[] = {
    FIELD(settings, search_path, TEXT, REQUIRED),
    FIELD(settings, statement_timeout, TEXT, REQUIRED),
    FIELD(settings, lock_timeout, TEXT, REQUIRED),
    FIELD(settings, zone, TEXT, REQUIRED),
    FIELD(settings, application, TEXT, REQUIRED),
    FIELD(settings, pid, INT, REQUIRED),
};
SCHEMA(settings);

struct ctx
fixture_open(void)
{
	struct ctx c = {.mem = arena_new("test", 1 << 24)};
	static const char sql[] =
	    "CREATE SCHEMA numlease;"
	    "CREATE TABLE public.item (id bigint PRIMARY KEY,"
	    " name text UNIQUE, n int NOT NULL DEFAULT 0);"
	    "CREATE FUNCTION public.refuse(what text, why text) RETURNS bigint"
	    " LANGUAGE plpgsql AS $$ BEGIN"
	    " RAISE EXCEPTION '%', what USING ERRCODE = 'NL001', DETAIL = why;"
	    " END $$";

	CU_ASSERT_EQUAL_FATAL(scratch_empty(&c), OK);
	CU_ASSERT_EQUAL_FATAL(db_run_script(&c, sql), OK);
	return c;
}

void
fixture_close(struct ctx *c)
{
	scratch_close(c);
	arena_free(&c->mem);
}

struct ctx
fixture_open_patient(void)
{
	struct ctx c = fixture_open();

	db_pool_close(&c.pg);
	CU_ASSERT_EQUAL_FATAL(
	    db_pool_open(&c, scratch_conninfo(), 4, 20000, &c.pg), OK);
	return c;
}

struct ctx
fixture_twin(const struct ctx *c)
{
	return (struct ctx){.mem = arena_new("twin", 1 << 24), .pg = c->pg};
}

pid_t
fixture_backend(struct ctx *c)
{
	struct settings s = {0};

	CU_ASSERT_EQUAL_FATAL(db_one(c, t_settings, &settings_schema, &s), OK);
	return (pid_t)s.pid;
}

int64_t
fixture_bumps(struct ctx *c)
{
	struct item i = {0};

	CU_ASSERT_EQUAL_FATAL(db_one(c, t_bumps, &item_schema, &i), OK);
	return i.id;
}
