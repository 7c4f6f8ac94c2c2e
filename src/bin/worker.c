/* numlease-worker - buys, polls, notifies, cleans and reconciles. */
#include <getopt.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/log.h"
#include "conf/conf.h"
#include "crypto/vault.h"
#include "io/db.h"
#include "io/kv.h"
#include "io/loop.h"
#include "service/canary.h"
#include "service/upstream.h"
#include "worker/crew.h"
#include "worker/waker.h"

static const char usage[] =
    "usage: numlease-worker [-c file] [-t] [-V]\n"
    "  -c file  settings (default: the file of this installation)\n"
    "  -t       test the settings and exit\n"
    "  -V       print the version\n";

struct daemon {
	struct ctx c;
	struct vault vault;
	char holder[HOST_NAME_MAX + 16];
	struct loop *loop;
	struct crew *crew;
	struct waker *waker;
};

static void
on_stop(void *arg)
{
	struct daemon *d = arg;

	log_ev(&d->c, LEVEL_INFO, "worker.draining", L_I64("pid", getpid()));
	crew_drain(d->crew);
}

static void
on_reopen(void *arg)
{
	(void)arg;
	log_reopen();
}

/* Names this process in its claims, for whoever looks at them. */
static void
name_holder(struct daemon *d)
{
	char host[HOST_NAME_MAX + 1] = "";

	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0';
	(void)snprintf(
	    d->holder, sizeof(d->holder), "%s:%d", host, (int)getpid());
}

/* What jobs need: keys, PostgreSQL that takes them, Redis. */
static enum err
stores_open(struct daemon *d)
{
	struct ctx *c = &d->c;
	const struct conf *conf = c->conf;
	const int places = conf->worker_job_threads + 1;

	TRY(vault_open(c, conf->keys_master, conf->keys_jwt, conf->keys_receipt,
	    &d->vault));
	c->vault = &d->vault;
	c->upstreams = upstreams_new();
	c->holder = d->holder;
	TRY(db_pool_open(c, conf->database_conninfo, places,
	    (int)(conf->database_timeout / 1000), &c->pg));
	if (conf->database_roles)
		db_pool_role(c->pg, "numlease_worker");
	TRY(canary_check(c));
	return kv_pool_open(c, conf->redis_address, places,
	    (int)(conf->redis_timeout / 1000), &c->kv);
}

static enum err
daemon_open(struct daemon *d)
{
	struct ctx *c = &d->c;

	TRY(stores_open(d));
	TRY(loop_open(c, &d->loop));
	TRY(loop_signal(c, d->loop, SIGTERM, on_stop, d));
	TRY(loop_signal(c, d->loop, SIGINT, on_stop, d));
	TRY(loop_signal(c, d->loop, SIGUSR1, on_reopen, d));
	TRY(crew_open(c, d->loop, tasks, tasks_count,
	    c->conf->worker_job_threads, &d->crew));
	d->waker = waker_open(c, d->loop, d->crew);
	return OK;
}

static void
daemon_close(struct daemon *d)
{
	waker_close(&d->waker);
	crew_close(&d->crew);
	loop_close(&d->loop);
	kv_pool_close(&d->c.kv);
	db_pool_close(&d->c.pg);
	upstreams_free(&d->c.upstreams);
	vault_close(&d->vault);
}

static int
daemon_run(struct daemon *d)
{
	enum err e = daemon_open(d);

	if (e == OK) {
		log_ev(&d->c, LEVEL_INFO, "worker.started",
		    L_I64("pid", getpid()), L_STR("version", NUMLEASE_VERSION));
		loop_run(d->loop);
		log_ev(&d->c, LEVEL_INFO, "worker.stopped",
		    L_I64("pid", getpid()));
	} else {
		log_ev(&d->c, LEVEL_ERROR, "worker.failed",
		    L_STR("why", d->c.err_why));
	}
	daemon_close(d);
	return e == OK ? EX_OK : EX_UNAVAILABLE;
}

int
main(int argc, char **argv)
{
	struct daemon d = {.c = {.id = "worker", .op = "worker"}};
	const char *path = NULL;
	bool test = false;
	int rc = EX_CONFIG;

	for (int opt; (opt = getopt(argc, argv, "c:tV")) != -1;) {
		if (opt == 'c') {
			path = optarg;
		} else if (opt == 't') {
			test = true;
		} else if (opt == 'V') {
			(void)puts("numlease-worker " NUMLEASE_VERSION);
			return EX_OK;
		} else {
			(void)fputs(usage, stderr);
			return EX_USAGE;
		}
	}
	(void)signal(SIGPIPE, SIG_IGN); /* cannot fail for SIGPIPE */
	name_holder(&d);
	(void)prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); /* no secrets in a core */
	d.c.mem = arena_new("worker", (size_t)64 << 20);
	if (conf_open(&d.c, path) == OK) {
		const struct conf *conf = d.c.conf;

		rc = EX_OK;
		if (!test &&
		    log_open(conf->log_sink, "numlease-worker",
			(enum err_level)conf->log_level))
			rc = daemon_run(&d);
		else if (!test)
			rc = EX_CANTCREAT;
	}
	arena_free(&d.c.mem);
	return rc;
}
