#include "web/serve.h"

#include <errno.h>
#include <signal.h>
#include <sysexits.h>
#include <time.h>

#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "conf/conf.h"
#include "io/front.h"

#define MAX_CONNS   4096
#define MAX_MEMORY  ((size_t)32 << 20) /* of one request */
#define MAX_PARAMS  32768
#define READ_MS     5000
#define LEAVE_CHECK (10 * CLOCK_MS)
/* What is still parked is answered this long before the end. */
#define LAST_CALL (2 * CLOCK_SECOND)

struct serve {
	struct front *front;
	struct app *app;
	int64_t leave_by; /* 0: it stays */
	bool at_once;     /* do not wait for connections to be let go */
};

static enum err
open_all(struct ctx *c, const struct app_setup *setup, const struct pool *pool,
    int listen_fd, struct serve *s)
{
	struct front_setup fs = {
	    .limits = {MAX_PARAMS, c->conf->api_max_body, READ_MS},
	    .listen_fd = listen_fd,
	    .threads = pool->threads,
	    .max_conns = MAX_CONNS,
	    .max_memory = MAX_MEMORY,
	    .handle = app_handle,
	    .alarm = app_alarm};

	cgi_init();
	TRY(app_open(c, setup, c->mem, &s->app));
	fs.arg = s->app;
	TRY(front_open(c, &fs, &s->front));
	TRY(app_start(c, s->app, s->front));
	return front_start(c, s->front);
}

static void
close_all(struct serve *s)
{
	if (s->app != NULL && s->front != NULL)
		app_stop(s->app);
	front_close(&s->front);
}

static void
leave(struct ctx *c, struct serve *s, bool at_once)
{
	if (s->leave_by == 0)
		s->leave_by = clock_mono() + c->conf->api_drain_timeout;
	s->at_once |= at_once;
	front_drain(s->front);
}

static void
on_signal(struct ctx *c, struct serve *s, int signal)
{
	if (signal == SIGUSR1)
		log_reopen();
	else if (signal == SIGQUIT)
		leave(c, s, false);
	else if (signal == SIGTERM)
		leave(c, s, true);
}

/* True when the process may end. */
static bool
has_left(struct serve *s)
{
	int64_t now = clock_mono();

	if (s->leave_by == 0)
		return false;
	if (s->at_once || now > s->leave_by - LAST_CALL)
		app_resume_all(s->app);
	if (s->at_once || now > s->leave_by)
		front_drop_idle(s->front);
	return front_conns(s->front) == 0 || now > s->leave_by + CLOCK_SECOND;
}

static void
loop(struct ctx *c, struct serve *s)
{
	static const int ours[] = {SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1};
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		(void)sigaddset(&set, ours[i]);
	law(sigprocmask(SIG_BLOCK, &set, NULL) == 0);
	while (!has_left(s)) {
		struct timespec check = {.tv_nsec = LEAVE_CHECK * 1000};
		int signal = s->leave_by == 0 ?
		    sigwaitinfo(&set, NULL) :
		    sigtimedwait(&set, NULL, &check);

		if (signal > 0)
			on_signal(c, s, signal);
	}
}

int
serve_run(struct ctx *c, const struct app_setup *setup, const struct pool *pool,
    int listen_fd, int ready)
{
	struct serve s = {0};
	enum err e = open_all(c, setup, pool, listen_fd, &s);

	if (e == OK) {
		prefork_ready(ready);
		log_ev(c, LEVEL_DEBUG, "process.serves",
		    L_STR("pool", pool->name));
		loop(c, &s);
		log_ev(c, LEVEL_DEBUG, "process.leaves",
		    L_STR("pool", pool->name),
		    L_I64("conns", front_conns(s.front)));
	} else {
		log_ev(c, LEVEL_ERROR, "process.failed",
		    L_STR("pool", pool->name), L_STR("why", c->err_why));
	}
	close_all(&s);
	return e == OK ? EX_OK : EX_UNAVAILABLE;
}
