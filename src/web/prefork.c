#include "web/prefork.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"
#include "web/generation.h"

#define MAX_LEAVING ((size_t)3 * GENERATION_MAX)
#define KILL_AFTER  (5 * CLOCK_SECOND) /* past its own deadline */

struct leaving {
	pid_t pid;
	int64_t kill_at;
};

struct master {
	const struct prefork_setup *setup;
	struct ctx *c;
	pid_t pid;
	int signal_fd;
	struct generation_spawn spawn;
	struct listener listeners[PREFORK_MAX_POOLS];
	size_t listener_count;
	struct generation *now;  /* serves; NULL until the first is ready */
	struct generation *next; /* starts; NULL when none does */
	struct generation gens[2];
	unsigned generations;
	struct leaving leaving[MAX_LEAVING];
	size_t leaving_count;
	bool reload_again;
	bool stopping;
	int status;
};

/* -- in the new process */

static void
limit_process(const struct master *m)
{
	struct rlimit files;
	struct rlimit none = {0, 0};

	/* Memory holds keys and codes: no core file, no tracing by others. A
	 * refusal weakens nothing that is relied on. */
	(void)setrlimit(RLIMIT_CORE, &none);
	(void)prctl(PR_SET_DUMPABLE, 0);
	if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
		files.rlim_cur = files.rlim_max;
		(void)setrlimit(RLIMIT_NOFILE, &files);
	}
	law(prctl(PR_SET_PDEATHSIG, SIGTERM) == 0);
	if (getppid() != m->pid)
		_exit(EX_OK); /* the master died before that was in force */
}

static void
close_inherited(const struct master *m, int keep)
{
	const struct generation *gens[] = {m->now, m->next};

	(void)close(m->signal_fd);
	for (size_t n = 0; n < 2; n++)
		for (size_t i = 0; gens[n] != NULL && i < gens[n]->count; i++)
			if (gens[n]->slots[i].ready_fd >= 0)
				(void)close(gens[n]->slots[i].ready_fd);
	for (size_t i = 0; i < m->listener_count; i++)
		if (m->listeners[i].fd != keep)
			(void)close(m->listeners[i].fd);
}

static void
child_main(void *arg, struct generation *g, size_t pool, int ready)
{
	const struct master *m = arg;
	const struct prefork_post post = {.pool = &g->plan.pools[pool],
	    .listen_fd = m->listeners[pool].fd,
	    .ready = ready,
	    .is_again = g == m->now};

	limit_process(m);
	close_inherited(m, post.listen_fd);
	_exit(m->setup->serve(&g->c, m->setup->arg, &post));
}

void
prefork_ready(int ready)
{
	char yes = 1;

	/* A master that is gone is noticed by its death signal. */
	if (write(ready, &yes, 1) == 1)
		(void)close(ready);
}

/* -- generations */

/* Tell all its processes to leave, and forget it. */
static void
retire(struct master *m, struct generation *g, int signal)
{
	int64_t kill_at = clock_mono() + g->plan.drain_us + KILL_AFTER;

	for (size_t i = 0; i < g->count; i++) {
		if (g->slots[i].pid == 0)
			continue;
		/* It may have died just now. */
		(void)kill(g->slots[i].pid, signal);
		law(m->leaving_count < MAX_LEAVING);
		m->leaving[m->leaving_count++] =
		    (struct leaving){g->slots[i].pid, kill_at};
	}
	generation_close(g);
}

static void
stop(struct master *m, int signal, int status)
{
	if (!m->stopping)
		m->status = status;
	m->stopping = true;
	if (m->next != NULL)
		retire(m, m->next, SIGTERM);
	if (m->now != NULL)
		retire(m, m->now, signal);
	m->now = m->next = NULL;
	for (size_t i = 0; i < m->leaving_count; i++)
		(void)kill(m->leaving[i].pid, signal);
}

static bool
open_next(struct master *m)
{
	struct generation *g = &m->gens[m->now == &m->gens[0]];

	if (!generation_open(g, m->c, m->setup, ++m->generations))
		return false;
	m->next = g;
	return true;
}

/*
 * The one that serves and the next can be told to leave at any time. While
 * many processes of former generations are still leaving, a reload waits for
 * them: each ends at its deadline.
 */
static bool
has_room(const struct master *m)
{
	return m->leaving_count + (size_t)2 * GENERATION_MAX <= MAX_LEAVING;
}

static void
reload(struct master *m)
{
	if (m->next != NULL || !has_room(m)) {
		m->reload_again = true; /* one at a time */
		return;
	}
	m->reload_again = false;
	if (!open_next(m))
		return; /* the old settings stay in force */
	log_ev(m->c, LEVEL_INFO, "reload.begun",
	    L_I64("generation", m->next->number));
	generation_start(m->next, &m->spawn);
}

/* The generation that was to come does not: the old one stays. */
static void
give_up_next(struct master *m, const char *why)
{
	log_ev(m->c, LEVEL_ERROR, "reload.failed", L_STR("why", why),
	    L_I64("generation", m->next->number));
	retire(m, m->next, SIGTERM);
	m->next = NULL;
	if (m->now == NULL)
		stop(m, SIGTERM, EX_SOFTWARE);
}

static void
advance(struct master *m)
{
	if (m->next == NULL) {
		if (m->reload_again && !m->stopping)
			reload(m);
		return;
	}
	if (!generation_is_ready(m->next)) {
		if (clock_mono() > m->next->ready_by)
			give_up_next(m, "not ready in time");
		return;
	}
	log_ev(m->c, LEVEL_INFO, "serving",
	    L_I64("generation", m->next->number),
	    L_I64("processes", (int64_t)m->next->count));
	if (m->now != NULL)
		retire(m, m->now, SIGQUIT);
	m->now = m->next;
	m->next = NULL;
	if (m->reload_again)
		reload(m);
}

/* -- what happens */

static void
log_death(const struct master *m, pid_t pid, int status)
{
	log_ev(m->c, LEVEL_WARN, "process.died", L_I64("pid", pid),
	    L_I64("signal", WIFSIGNALED(status) ? WTERMSIG(status) : 0),
	    L_I64("exit", WIFEXITED(status) ? WEXITSTATUS(status) : 0));
}

static bool
was_leaving(struct master *m, pid_t pid)
{
	for (size_t i = 0; i < m->leaving_count; i++)
		if (m->leaving[i].pid == pid) {
			m->leaving[i] = m->leaving[--m->leaving_count];
			return true;
		}
	return false;
}

static void
on_exit_of(struct master *m, pid_t pid, int status)
{
	if (was_leaving(m, pid)) {
		if (status != 0)
			log_death(m, pid, status);
		return;
	}
	log_death(m, pid, status);
	if (m->now != NULL && generation_lost(m->now, pid))
		return; /* another takes its place */
	if (m->next != NULL && generation_lost(m->next, pid))
		give_up_next(m, "a process died");
}

static void
reap(struct master *m)
{
	int status;
	pid_t pid;

	while ((pid = waitpid(-1, &status, WNOHANG)) > 0)
		on_exit_of(m, pid, status);
}

static void
forward(struct master *m, int signal)
{
	const struct generation *gens[] = {m->now, m->next};

	for (size_t n = 0; n < 2; n++)
		for (size_t i = 0; gens[n] != NULL && i < gens[n]->count; i++)
			if (gens[n]->slots[i].pid != 0)
				(void)kill(gens[n]->slots[i].pid, signal);
	for (size_t i = 0; i < m->leaving_count; i++)
		(void)kill(m->leaving[i].pid, signal);
}

static void
on_signal(struct master *m, int signal)
{
	switch (signal) {
	case SIGCHLD:
		reap(m);
		break;
	case SIGHUP:
		if (!m->stopping)
			reload(m);
		break;
	case SIGUSR1:
		log_reopen();
		forward(m, SIGUSR1);
		break;
	case SIGTERM:
	case SIGINT:
		stop(m, SIGTERM, EX_OK);
		break;
	case SIGQUIT:
		stop(m, SIGQUIT, EX_OK);
		break;
	default:
		break;
	}
}

static void
on_time(struct master *m)
{
	int64_t now = clock_mono();

	if (m->now != NULL)
		generation_restart(m->now, &m->spawn, now);
	for (size_t i = 0; i < m->leaving_count; i++)
		if (m->leaving[i].kill_at <= now) {
			(void)kill(m->leaving[i].pid, SIGKILL);
			m->leaving[i].kill_at = INT64_MAX;
		}
}

/* When something is due, as a timeout for poll. */
static int
wait_ms(const struct master *m)
{
	int64_t due = m->next != NULL ? m->next->ready_by : INT64_MAX;
	int64_t left;

	if (m->now != NULL && generation_next(m->now) < due)
		due = generation_next(m->now);
	for (size_t i = 0; i < m->leaving_count; i++)
		if (m->leaving[i].kill_at < due)
			due = m->leaving[i].kill_at;
	if (due == INT64_MAX)
		return -1;
	left = (due - clock_mono()) / CLOCK_MS + 1;
	return left < 0 ? 0 : left > INT32_MAX ? INT32_MAX : (int)left;
}

static void
turn(struct master *m)
{
	struct pollfd fds[1 + 2 * GENERATION_MAX];
	struct signalfd_siginfo info;
	size_t n = 1;

	fds[0] = (struct pollfd){.fd = m->signal_fd, .events = POLLIN};
	if (m->now != NULL)
		n += generation_poll(m->now, fds + n);
	if (m->next != NULL)
		n += generation_poll(m->next, fds + n);
	if (poll(fds, n, wait_ms(m)) < 0)
		return;
	for (size_t i = 1; i < n; i++) {
		if (fds[i].revents == 0)
			continue;
		if (m->now != NULL)
			generation_heard(m->now, fds[i].fd);
		if (m->next != NULL)
			generation_heard(m->next, fds[i].fd);
	}
	while (read(m->signal_fd, &info, sizeof(info)) == sizeof(info))
		on_signal(m, (int)info.ssi_signo);
	on_time(m);
	advance(m);
}

/* -- start and end */

static void
open_signals(struct master *m)
{
	static const int ours[] = {
	    SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGUSR1, SIGCHLD};
	struct sigaction ignore = {.sa_handler = SIG_IGN};
	sigset_t set;

	(void)sigemptyset(&set);
	for (size_t i = 0; i < sizeof(ours) / sizeof(ours[0]); i++)
		(void)sigaddset(&set, ours[i]);
	law(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
	law(sigaction(SIGPIPE, &ignore, NULL) == 0);
	m->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	law(m->signal_fd >= 0);
}

static enum err
open_listeners(struct master *m, const struct prefork_plan *plan)
{
	for (size_t i = 0; i < plan->count; i++) {
		/* The path outlives the generation that named it. */
		const char *path = arena_dup(m->c->mem, plan->pools[i].socket);

		TRY(listen_open(
		    m->c, plan->pools[i].name, path, &m->listeners[i]));
		m->listener_count++;
	}
	return OK;
}

static enum err
write_pid(struct master *m)
{
	const char *path = m->setup->pid_file;
	FILE *f = path == NULL ? NULL : fopen(path, "we");

	if (path == NULL)
		return OK;
	if (f == NULL)
		return fail(m->c, ERR_UNAVAILABLE, "%s: errno %d", path, errno);
	(void)fprintf(f, "%d\n", (int)m->pid);
	return fclose(f) == 0 ?
	    OK :
	    fail(m->c, ERR_UNAVAILABLE, "%s: errno %d", path, errno);
}

static enum err
begin(struct master *m)
{
	if (!open_next(m)) {
		m->status = EX_CONFIG;
		return fail(m->c, ERR_BAD_INPUT, "settings");
	}
	TRY(open_listeners(m, &m->next->plan));
	TRY(write_pid(m));
	generation_start(m->next, &m->spawn);
	return OK;
}

int
prefork_run(struct ctx *c, const struct prefork_setup *setup)
{
	struct master *m = arena_one(c->mem, struct master);

	m->setup = setup;
	m->c = c;
	m->pid = getpid();
	m->spawn = (struct generation_spawn){child_main, m};
	m->status = EX_UNAVAILABLE;
	open_signals(m);
	if (begin(m) == OK) {
		while (!m->stopping || m->leaving_count > 0)
			turn(m);
	} else {
		log_ev(
		    c, LEVEL_ERROR, "start.failed", L_STR("why", c->err_why));
		if (m->next != NULL)
			generation_close(m->next); /* it never started */
	}
	for (size_t i = 0; i < m->listener_count; i++)
		listen_close(&m->listeners[i]);
	if (setup->pid_file != NULL)
		(void)unlink(setup->pid_file); /* it may never have been */
	(void)close(m->signal_fd);
	log_ev(c, LEVEL_INFO, "stopped", L_I64("status", m->status));
	return m->status;
}
