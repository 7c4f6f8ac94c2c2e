#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "conf/conf.h"
#include "conf/print.h"
#include "conf/setting.h"
#include "harness/scratch_dir.h"
#include "harness/suite.h"

static struct ctx c;
static struct buf out;

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 4 << 20)};
	buf_init(&out, c.mem);
}

static void
example_is_readable(void)
{
	const struct conf *conf;
	const char *faults;
	char dir[SCRATCH_DIR_SIZE];

	start();
	print_example(&out);
	/* Take the comments of all settings away: the file must be valid. */
	for (char *p = out.at; (p = strstr(p, "\n#")) != NULL; p++)
		if (p[2] != ' ')
			p[1] = ' ';
	scratch_dir_open(dir);
	CU_ASSERT_EQUAL(
	    conf_load(&c, scratch_dir_write(dir, "e", out.at), &conf, &faults),
	    OK);
	CU_ASSERT_STRING_EQUAL(faults, "");
	scratch_dir_close(dir);
	arena_free(&c.mem);
}

static void
example_is_narrow(void)
{
	start();
	print_example(&out);
	for (const char *p = out.at; *p != '\0'; p += strcspn(p, "\n") + 1)
		if (p[0] == '#' && p[1] == ' ')
			CU_ASSERT_TRUE(strcspn(p, "\n") <= 80);
	arena_free(&c.mem);
}

static void
every_setting_is_documented(void)
{
	const struct setting *s;

	start();
	print_manual(&out);
	for (size_t i = 0; (s = setting_at(i)) != NULL; i++)
		if (strstr(out.at, arena_fmt(c.mem, ".It Ic %s\n", s->name)) ==
		    NULL)
			CU_FAIL(s->name);
	arena_free(&c.mem);
}

static void
secrets_are_masked(void)
{
	struct conf conf;

	start();
	conf_defaults(&c, &conf);
	conf.database_conninfo = "host=x password=hunter2";
	conf.lease_max_active = 7;
	print_conf(&out, &conf, PRINT_ALL);
	CU_ASSERT_PTR_NULL(strstr(out.at, "hunter2"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(out.at, "database.conninfo = ********\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out.at, "lease.ttl = 20m\n"));
	buf_clear(&out);
	print_conf(&out, &conf, PRINT_CHANGED);
	CU_ASSERT_STRING_EQUAL(out.at,
	    "database.conninfo = ********\n"
	    "lease.max_active = 7\n");
	arena_free(&c.mem);
}

SUITE("print",
    {"the example with all comments taken is valid", example_is_readable},
    {"comments of the example fit in 80 columns", example_is_narrow},
    {"the manual has every setting", every_setting_is_documented},
    {"secrets are masked, changes can be told apart", secrets_are_masked})
