/* numlease-api - the FastCGI pools behind nginx. */
#include "base/clock.h"
#include "conf/conf.h"
#include "crypto/vault.h"
#include "io/db.h"
#include "io/kv.h"
<<<<<<< Updated upstream
#include "service/canary.h"
#include "web/guard.h"
#include "web/limiter.h"
#include "web/prefork.h"
#include "web/router.h"
#include "web/serve.h"

#define MASTER_MEMORY  ((size_t)64 << 20)
#define PROCESS_MEMORY ((size_t)256 << 20)
#define LIMITER_SLOTS  65536 /* 1 MiB; subjects that are limited at once */
#define PARKED_MOST    4000

    static const char *conf_file;
static struct limiter *limiter; /* shared with all processes */

static const char usage[] =
    "usage: numlease-api [-t] [-c file] [-p pidfile]\n"
    "       numlease-api -V\n"
    "  -c  the settings, instead of $NUMLEASE_CONF or the installed file\n"
    "  -p  write the process id there\n"
    "  -t  test the settings and exit\n"
    "  -V  print the version\n";
=======
#include "web/daemon.h"
>>>>>>> Stashed changes

    static enum err
    open_all(struct ctx *c)
{
<<<<<<< Updated upstream
	const struct conf *conf;
	const char *faults = "";

	if (conf_load(c, conf_file, &conf, &faults) != OK)
		return fail(c, ERR_BAD_INPUT, "%s", faults);
	if (!log_open(conf->log_sink, "numlease-api",
		(enum err_level)conf->log_level))
		return fail(c, ERR_BAD_INPUT, "log.sink: cannot open %s",
		    conf->log_sink);
	c->conf = conf;
	*out = (struct prefork_plan){
	    .pools = {{"api", conf->api_socket, conf->api_processes,
			  conf->api_threads},
		{"auth", conf->auth_socket, conf->auth_processes,
		    conf->auth_threads},
		{"admin", conf->admin_socket, conf->admin_processes,
		    conf->admin_threads}},
	    .count = 3,
	    .drain_us = conf->api_drain_timeout};
	return OK;
}

static enum err
open_process(struct ctx *c, struct vault *vault)
{
	const struct conf *conf = c->conf;

	c->mem = arena_new("process", PROCESS_MEMORY);
	TRY(vault_open(c, conf->keys_master, conf->keys_jwt, vault));
	c->vault = vault;
	TRY(db_pool_open(c, conf->database_conninfo, conf->database_pool_size,
	    (int)(conf->database_timeout / CLOCK_MS), &c->pg));
	TRY(canary_check(c));
	return kv_pool_open(c, conf->redis_address, conf->redis_pool_size,
	    (int)(conf->redis_timeout / CLOCK_MS), &c->kv);
}

static void
close_process(struct ctx *c, struct vault *vault)
{
	kv_pool_close(&c->kv);
	db_pool_close(&c->pg);
	vault_close(vault);
}

/* Everything that -t can try without disturbing a running program. */
static int
test_settings(struct ctx *c)
{
	struct vault vault;

	if (vault_open(c, c->conf->keys_master, c->conf->keys_jwt, &vault) !=
	    OK) {
		(void)fprintf(stderr, "numlease-api: %s\n", c->err_why);
		return EX_CONFIG;
	}
	vault_close(&vault);
	(void)fputs("numlease-api: the settings are valid\n", stderr);
	return EX_OK;
=======
	return kv_pool_open(c, c->conf->redis_address, c->conf->redis_pool_size,
	    (int)(c->conf->redis_timeout / CLOCK_MS), &c->kv);
>>>>>>> Stashed changes
}

static void
close_all(struct ctx *c)
{
<<<<<<< Updated upstream
	struct app_setup setup = {.routes = &route_table,
	    .guards = {.auth = &guard_auth, .limiter = limiter},
	    .pop = kv_pop,
	    .park_capacity = PARKED_MOST};
	struct vault vault = {0};
	int rc;

	if (open_process(c, &vault) != OK) {
		log_ev(c, LEVEL_ERROR, "process.failed",
		    L_STR("pool", pool->name), L_STR("why", c->err_why));
		return EX_UNAVAILABLE;
	}
	rc = serve_run(c, &setup, pool, listen_fd, ready);
	close_process(c, &vault);
	return rc;
=======
	kv_pool_close(&c->kv);
>>>>>>> Stashed changes
}

int
main(int argc, char **argv)
{
	static const struct daemon_setup setup = {.name = "numlease-api",
	    .routes = &route_table,
	    .pop = kv_pop,
	    .open = open_all,
	    .close = close_all};

<<<<<<< Updated upstream
	while ((opt = getopt(argc, argv, "c:p:tV")) != -1) {
		switch (opt) {
		case 'c':
			conf_file = optarg;
			break;
		case 'p':
			setup.pid_file = optarg;
			break;
		case 't':
			test = true;
			break;
		case 'V':
			(void)printf("numlease-api %s\n", NUMLEASE_VERSION);
			return EX_OK;
		default:
			(void)fputs(usage, stderr);
			return EX_USAGE;
		}
	}
	if (conf_open(&c, conf_file) != OK)
		return EX_CONFIG;
	if (test)
		return test_settings(&c);
	limiter = limiter_open(LIMITER_SLOTS);
	if (limiter == NULL)
		return EX_OSERR;
	return prefork_run(&c, &setup);
=======
	return daemon_main(argc, argv, &setup);
>>>>>>> Stashed changes
}
