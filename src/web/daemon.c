#include "web/daemon.h"

#include <getopt.h>
#include <stdio.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/conf.h"
#include "web/limiter.h"
#include "web/prefork.h"
#include "web/serve.h"

#define MASTER_MEMORY  ((size_t)64 << 20)
#define PROCESS_MEMORY ((size_t)256 << 20)
#define LIMITER_SLOTS  65536 /* subjects limited at once; 1 MiB */
#define PARKED_MOST    4096  /* as many as there are connections */

struct daemon {
	const struct daemon_setup *setup;
	const char *conf_file;
	const char *pid_file;
	bool test;
	struct limiter *limiter; /* shared with all processes */
};

static const char usage[] =
    "usage: %s [-t] [-c file] [-p pidfile]\n"
    "       %s -V\n"
    "  -c  the settings, instead of $NUMLEASE_CONF or the installed file\n"
    "  -p  write the process id there\n"
    "  -t  test the settings and exit\n"
    "  -V  print the version\n";

static enum err
plan(struct ctx *c, void *arg, struct prefork_plan *out)
{
	const struct daemon *d = arg;
	const struct conf *conf;
	const char *faults = "";

	if (conf_load(c, d->conf_file, &conf, &faults) != OK)
		return fail(c, ERR_BAD_INPUT, "%s", faults);
	if (!log_open(conf->log_sink, d->setup->name,
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

static int
serve(struct ctx *c, void *arg, const struct prefork_post *post)
{
	const struct daemon *d = arg;
	struct app_setup setup = {.routes = d->setup->routes,
	    .guards = {.auth = d->setup->auth,
		.limiter = d->limiter,
		.shared_limit = d->setup->shared_limit},
	    .pop = d->setup->pop,
	    .park_capacity = PARKED_MOST,
	    .begin = d->setup->begin,
	    .end = d->setup->end};
	int rc = EX_UNAVAILABLE;

	c->mem = arena_new("process", PROCESS_MEMORY);
	if (d->setup->open(c, post->pool->name, post->is_again) == OK)
		rc = serve_run(
		    c, &setup, post->pool, post->listen_fd, post->ready);
	else
		log_ev(c, LEVEL_ERROR, "process.failed",
		    L_STR("pool", post->pool->name), L_STR("why", c->err_why));
	d->setup->close(c);
	arena_free(&c->mem);
	return rc;
}

/* False when the program is to end now, with *rc. */
static bool
read_options(int argc, char **argv, struct daemon *d, int *rc)
{
	const char *name = d->setup->name;
	int opt;

	while ((opt = getopt(argc, argv, "c:p:tV")) != -1) {
		switch (opt) {
		case 'c':
			d->conf_file = optarg;
			break;
		case 'p':
			d->pid_file = optarg;
			break;
		case 't':
			d->test = true;
			break;
		case 'V':
			(void)printf("%s %s\n", name, NUMLEASE_VERSION);
			*rc = EX_OK;
			return false;
		default:
			(void)fprintf(stderr, usage, name, name);
			*rc = EX_USAGE;
			return false;
		}
	}
	return true;
}

static int
test_settings(struct ctx *c, const struct daemon_setup *setup)
{
	if (setup->test != NULL && setup->test(c) != OK) {
		(void)fprintf(stderr, "%s: %s\n", setup->name, c->err_why);
		return EX_CONFIG;
	}
	(void)fprintf(stderr, "%s: the settings are valid\n", setup->name);
	return EX_OK;
}

static int
run(struct ctx *c, struct daemon *d)
{
	struct prefork_setup prefork = {
	    .plan = plan, .serve = serve, .arg = d, .pid_file = d->pid_file};
	int rc;

	if (conf_open(c, d->conf_file) != OK)
		return EX_CONFIG;
	if (d->test)
		return test_settings(c, d->setup);
	d->limiter = limiter_open(LIMITER_SLOTS);
	if (d->limiter == NULL)
		return EX_OSERR;
	rc = prefork_run(c, &prefork);
	limiter_close(&d->limiter);
	return rc;
}

int
daemon_main(int argc, char **argv, const struct daemon_setup *setup)
{
	struct daemon d = {.setup = setup};
	struct ctx c = {0};
	int rc = EX_OK;

	if (!read_options(argc, argv, &d, &rc))
		return rc;
	c.mem = arena_new("master", MASTER_MEMORY);
	rc = run(&c, &d);
	arena_free(&c.mem);
	return rc;
}
