#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "harness/scratch_dir.h"
#include "harness/suite.h"

#define SECRET "host=db password=hunter2"

static char dir[SCRATCH_DIR_SIZE];
static struct ctx c;
static const struct conf *conf;
static const char *faults;

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 4 << 20)};
	scratch_dir_open(dir);
}

static void
stop(void)
{
	arena_free(&c.mem);
	scratch_dir_close(dir);
}

static enum err
load(const char *text)
{
	return conf_load(
	    &c, scratch_dir_write(dir, "t.conf", text), &conf, &faults);
}

static bool
has_fault(const char *part)
{
	return strstr(faults, part) != NULL;
}

static void
file_over_defaults(void)
{
	start();
	CU_ASSERT_EQUAL_FATAL(
	    load(
		"# a comment\n\n  lease.ttl=10m\n"
		"api.max_body = 128k\nwebhook.allow_private = yes\n"
		"log.level = warn\nlease.spread = 12.5%\nquote.loss_cap = 0.05\n"),
	    OK);
	CU_ASSERT_STRING_EQUAL(faults, "");
	CU_ASSERT_EQUAL(conf->lease_ttl, 600 * CLOCK_SECOND);
	CU_ASSERT_EQUAL(conf->api_max_body, 128 * 1024);
	CU_ASSERT_TRUE(conf->webhook_allow_private);
	CU_ASSERT_EQUAL(conf->log_level, LEVEL_WARN);
	CU_ASSERT_EQUAL(conf->lease_spread, 1250);
	CU_ASSERT_EQUAL(conf->quote_loss_cap, 50000);
	CU_ASSERT_EQUAL(conf->redis_timeout, 500 * CLOCK_MS);
	stop();
}

static void
all_faults_at_once(void)
{
	start();
	CU_ASSERT_EQUAL(
	    load("database.pool_sise = 3\n"
		 "database.pool_size = 0\n"
		 "lease.ttl = 20\napi.threads = 4x\nno equals\n"
		 "webhook.allow_private = maybe\nsite.currency = usd\n"
		 "lease.max_active = 5\nlease.max_active = 6\n"
		 "pool_size = 3\nzzz = 1\n"),
	    ERR_BAD_INPUT);
	CU_ASSERT_TRUE(has_fault(
	    "t.conf:1: database.pool_sise: there is no such setting; is it "
	    "database.pool_size?\n"));
	CU_ASSERT_TRUE(has_fault("t.conf:2: database.pool_size: must be a "
				 "whole number from 1 to 512\n"));
	CU_ASSERT_TRUE(has_fault("t.conf:3: lease.ttl: must be a duration"));
	CU_ASSERT_TRUE(has_fault("t.conf:4: api.threads: must be"));
	CU_ASSERT_TRUE(has_fault("t.conf:5: no equals: must be written as"));
	CU_ASSERT_TRUE(has_fault("t.conf:6: webhook.allow_private: must be on "
				 "or off\n"));
	CU_ASSERT_TRUE(has_fault("t.conf:7: site.currency: must be three"));
	CU_ASSERT_TRUE(has_fault("t.conf:9: lease.max_active: is set twice"));
	CU_ASSERT_TRUE(has_fault("t.conf:8\n"));
	CU_ASSERT_TRUE(has_fault("t.conf:10: pool_size: there is no such "
				 "setting; is it database.pool_size?"));
	CU_ASSERT_TRUE(has_fault("t.conf:11: zzz: there is no such setting\n"));
	stop();
}

static void
environment_over_file(void)
{
	start();
	(void)setenv("NUMLEASE_DATABASE_POOL_SIZE", "33", 1);
	CU_ASSERT_EQUAL(load("database.pool_size = 3\n"), OK);
	CU_ASSERT_EQUAL(conf->database_pool_size, 33);
	(void)setenv("NUMLEASE_DATABASE_POOL_SIZE", "0", 1);
	(void)setenv("NUMLEASE_DATABASE_POOL_SISE", "0", 1);
	(void)setenv("NUMLEASE_VAR", "/tmp", 1);
	CU_ASSERT_EQUAL(load(""), ERR_BAD_INPUT);
	CU_ASSERT_TRUE(has_fault("environment: database.pool_size: must be a "
				 "whole"));
	CU_ASSERT_TRUE(has_fault("NUMLEASE_DATABASE_POOL_SISE: there is no "
				 "such setting; is it database.pool_size?"));
	CU_ASSERT_FALSE(has_fault("NUMLEASE_VAR"));
	(void)unsetenv("NUMLEASE_DATABASE_POOL_SIZE");
	(void)unsetenv("NUMLEASE_DATABASE_POOL_SISE");
	(void)unsetenv("NUMLEASE_VAR");
	stop();
}

static void
secret_in_a_file(void)
{
	char text[512];
	const char *path;

	start();
	path = scratch_dir_write(dir, "master", "  " SECRET "\n");
	(void)snprintf(
	    text, sizeof(text), "database.conninfo_file = %s\n", path);
	CU_ASSERT_EQUAL(load(text), OK);
	CU_ASSERT_STRING_EQUAL(conf->database_conninfo, SECRET);
	path = scratch_dir_write(dir, "master", "  " SECRET "\n");
	(void)chmod(path, 0644);
	CU_ASSERT_EQUAL(load(text), ERR_BAD_INPUT);
	CU_ASSERT_TRUE(
	    has_fault("database.conninfo_file: the file must not be open"));
	CU_ASSERT_EQUAL(load("lease.ttl_file = /x\n"), ERR_BAD_INPUT);
	CU_ASSERT_TRUE(has_fault("lease.ttl_file: there is no such setting"));
	CU_ASSERT_EQUAL(
	    load("database.conninfo_file = /nowhere/x\n"), ERR_BAD_INPUT);
	CU_ASSERT_TRUE(has_fault("/nowhere/x: No such file"));
	stop();
}

static void
credentials_win(void)
{
	start();
	(void)scratch_dir_write(dir, "database.conninfo", SECRET "\n");
	(void)setenv("CREDENTIALS_DIRECTORY", dir, 1);
	CU_ASSERT_EQUAL(load("database.conninfo = x\n"), OK);
	CU_ASSERT_STRING_EQUAL(conf->database_conninfo, SECRET);
	(void)chmod(scratch_dir_write(dir, "database.conninfo", SECRET), 0604);
	CU_ASSERT_EQUAL(load(""), ERR_BAD_INPUT);
	CU_ASSERT_TRUE(has_fault("database.conninfo: the file must not"));
	(void)unsetenv("CREDENTIALS_DIRECTORY");
	stop();
}

static void
unreadable_file(void)
{
	start();
	CU_ASSERT_EQUAL(conf_load(&c, "/nowhere/numlease.conf", &conf, &faults),
	    ERR_BAD_INPUT);
	CU_ASSERT_TRUE(has_fault("/nowhere/numlease.conf: No such file"));
	stop();
}

static void
restart_is_told(void)
{
	struct conf other;

	start();
	CU_ASSERT_EQUAL(load(""), OK);
	other = *conf;
	other.lease_ttl = 1;
	CU_ASSERT_PTR_NULL(conf_needs_restart(&c, conf, &other));
	other.api_socket = "/x";
	other.worker_job_threads = 9;
	CU_ASSERT_STRING_EQUAL(conf_needs_restart(&c, conf, &other),
	    "api.socket worker.job_threads");
	stop();
}

SUITE("conf", {"the file overrides the defaults", file_over_defaults},
    {"all faults are told at once with line and rule", all_faults_at_once},
    {"the environment overrides the file", environment_over_file},
    {"a secret may stand in a file that is not open to all", secret_in_a_file},
    {"credential files override all", credentials_win},
    {"a missing file is refused", unreadable_file},
    {"settings that need a restart are named", restart_is_told})
