/* numlease-api - the FastCGI pools behind nginx. */
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "io/kv.h"
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

static enum err
plan(struct ctx *c, struct prefork_plan *out)
{
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
open_process(struct ctx *c)
{
	c->mem = arena_new("process", PROCESS_MEMORY);
	return kv_pool_open(c, c->conf->redis_address, c->conf->redis_pool_size,
	    (int)(c->conf->redis_timeout / CLOCK_MS), &c->kv);
}

static int
serve(struct ctx *c, const struct pool *pool, int listen_fd, int ready)
{
	struct app_setup setup = {.routes = &route_table,
	    .guards = {.limiter = limiter},
	    .pop = kv_pop,
	    .park_capacity = PARKED_MOST};
	int rc;

	if (open_process(c) != OK) {
		log_ev(c, LEVEL_ERROR, "process.failed",
		    L_STR("pool", pool->name), L_STR("why", c->err_why));
		return EX_UNAVAILABLE;
	}
	rc = serve_run(c, &setup, pool, listen_fd, ready);
	kv_pool_close(&c->kv);
	return rc;
}

int
main(int argc, char **argv)
{
	struct ctx c = {.mem = arena_new("master", MASTER_MEMORY)};
	struct prefork_setup setup = {.plan = plan, .serve = serve};
	bool test = false;
	int opt;

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
	if (test) {
		(void)fputs("numlease-api: the settings are valid\n", stderr);
		return EX_OK;
	}
	limiter = limiter_open(LIMITER_SLOTS);
	if (limiter == NULL)
		return EX_OSERR;
	return prefork_run(&c, &setup);
}
