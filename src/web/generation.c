#include "web/generation.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/log.h"

#define SETTINGS_MAX   ((size_t)1 << 22)
#define READY_TIME     (20 * CLOCK_SECOND)
#define LIVED          (10 * CLOCK_SECOND) /* longer is no crash loop */
#define BACK_OFF_FIRST (100 * CLOCK_MS)
#define BACK_OFF_MOST  (10 * CLOCK_SECOND)

static void
back_off(struct slot *s, int64_t now)
{
	if (now - s->started > LIVED)
		s->back_off = 0;
	s->start_at = now + s->back_off;
	s->back_off = s->back_off == 0 ? BACK_OFF_FIRST : s->back_off * 2;
	if (s->back_off > BACK_OFF_MOST)
		s->back_off = BACK_OFF_MOST;
}

static void
slot_start(
    struct generation *g, struct slot *s, const struct generation_spawn *spawn)
{
	int64_t now = clock_mono();
	int ready[2];
	pid_t pid;

	if (pipe2(ready, O_CLOEXEC) != 0) {
		back_off(s, now);
		return;
	}
	pid = fork();
	if (pid == 0) {
		(void)close(ready[0]);
		spawn->run(spawn->arg, g, s->pool, ready[1]);
	}
	(void)close(ready[1]);
	s->started = now;
	if (pid < 0) {
		log_ev(
		    &g->c, LEVEL_ERROR, "fork.failed", L_I64("errno", errno));
		(void)close(ready[0]);
		back_off(s, now);
		return;
	}
	s->pid = pid;
	s->ready_fd = ready[0];
}

static void
slot_forget(struct slot *s)
{
	if (s->ready_fd >= 0)
		(void)close(s->ready_fd);
	s->ready_fd = -1;
	s->pid = 0;
}

bool
generation_open(struct generation *g, const struct ctx *c,
    const struct prefork_setup *setup, unsigned number)
{
	*g = (struct generation){.number = number, .c = *c};
	g->c.mem = arena_new("settings", SETTINGS_MAX);
	if (setup->plan(&g->c, setup->arg, &g->plan) != OK) {
		log_ev(&g->c, LEVEL_ERROR, "settings.refused",
		    L_STR("why", g->c.err_why));
		arena_free(&g->c.mem);
		return false;
	}
	for (size_t p = 0; p < g->plan.count; p++)
		for (int i = 0; i < g->plan.pools[p].processes; i++) {
			law(g->count < GENERATION_MAX);
			g->slots[g->count++] =
			    (struct slot){.pool = p, .ready_fd = -1};
		}
	return true;
}

void
generation_close(struct generation *g)
{
	for (size_t i = 0; i < g->count; i++)
		slot_forget(&g->slots[i]);
	g->count = 0;
	arena_free(&g->c.mem);
}

void
generation_start(struct generation *g, const struct generation_spawn *spawn)
{
	g->ready_by = clock_mono() + READY_TIME;
	for (size_t i = 0; i < g->count; i++)
		slot_start(g, &g->slots[i], spawn);
}

bool
generation_is_ready(const struct generation *g)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->slots[i].pid == 0 || g->slots[i].ready_fd >= 0)
			return false;
	return true;
}

void
generation_restart(
    struct generation *g, const struct generation_spawn *spawn, int64_t now)
{
	for (size_t i = 0; i < g->count; i++)
		if (g->slots[i].pid == 0 && g->slots[i].start_at <= now)
			slot_start(g, &g->slots[i], spawn);
}

int64_t
generation_next(const struct generation *g)
{
	int64_t due = INT64_MAX;

	for (size_t i = 0; i < g->count; i++)
		if (g->slots[i].pid == 0 && g->slots[i].start_at < due)
			due = g->slots[i].start_at;
	return due;
}

bool
generation_lost(struct generation *g, pid_t pid)
{
	for (size_t i = 0; i < g->count; i++) {
		if (g->slots[i].pid != pid)
			continue;
		slot_forget(&g->slots[i]);
		back_off(&g->slots[i], clock_mono());
		return true;
	}
	return false;
}

size_t
generation_poll(const struct generation *g, struct pollfd *fds)
{
	size_t n = 0;

	for (size_t i = 0; i < g->count; i++)
		if (g->slots[i].ready_fd >= 0)
			fds[n++] = (struct pollfd){
			    .fd = g->slots[i].ready_fd, .events = POLLIN};
	return n;
}

void
generation_heard(struct generation *g, int fd)
{
	char yes;

	for (size_t i = 0; i < g->count; i++) {
		if (g->slots[i].ready_fd != fd)
			continue;
		/* At the end of the pipe without a byte it has died: its
		 * status tells. */
		if (read(fd, &yes, 1) == 1) {
			(void)close(fd);
			g->slots[i].ready_fd = -1;
		}
	}
}
