#include "worker/waker.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "io/loop.h"
#include "service/wake.h"
#include "worker/crew.h"

#define WAIT_MS  1000 /* how soon the thread notices its end */
#define PAUSE_MS 100  /* between tries while Redis is away */

/* What the loop's thread may be told. Made beforehand: posting one twice
 * only wakes a task twice. */
struct word {
	struct crew *crew;
	const char *task;
	bool poor;
};

struct waker {
	struct arena *mem;
	struct ctx base;
	struct loop *loop;
	struct word away, back;
	struct word *due; /* one per task */
	pthread_t thread;
	atomic_bool closing;
};

static void
hear_poor(void *arg)
{
	const struct word *word = arg;

	crew_set_poor(word->crew, word->poor);
}

static void
hear_due(void *arg)
{
	const struct word *word = arg;

	crew_wake(word->crew, word->task);
}

static void
tell_due(struct waker *w, const char *task)
{
	for (size_t i = 0; i < tasks_count; i++)
		if (strcmp(w->due[i].task, task) == 0)
			loop_post(w->loop, hear_due, &w->due[i]);
}

static void *
waker_main(void *arg)
{
	struct waker *w = arg;
	struct arena *mem = arena_new("waker", 1 << 20);
	bool poor = false;

	while (!atomic_load(&w->closing)) {
		struct ctx c = w->base;
		const char *task = NULL;
		enum err e;

		c.mem = mem;
		e = wake_wait(&c, WAIT_MS, &task);
		if ((e != OK) != poor) {
			poor = e != OK;
			loop_post(
			    w->loop, hear_poor, poor ? &w->away : &w->back);
		}
		if (e != OK)
			(void)poll(NULL, 0, PAUSE_MS); /* a pause, no event */
		else if (task != NULL)
			tell_due(w, task);
		arena_reset(mem);
	}
	arena_free(&mem);
	return NULL;
}

struct waker *
waker_open(const struct ctx *base, struct loop *loop, struct crew *crew)
{
	struct arena *mem = arena_new("waker", 1 << 20);
	struct waker *w = arena_one(mem, struct waker);

	w->mem = mem;
	w->base = *base;
	w->loop = loop;
	w->away = (struct word){.crew = crew, .poor = true};
	w->back = (struct word){.crew = crew, .poor = false};
	w->due = arena_many(mem, struct word, tasks_count);
	for (size_t i = 0; i < tasks_count; i++)
		w->due[i] = (struct word){.crew = crew, .task = tasks[i].name};
	law(pthread_create(&w->thread, NULL, waker_main, w) == 0);
	return w;
}

void
waker_close(struct waker **waker)
{
	struct arena *mem;

	if (*waker == NULL)
		return;
	atomic_store(&(*waker)->closing, true);
	(void)pthread_join((*waker)->thread, NULL);
	mem = (*waker)->mem;
	*waker = NULL;
	arena_free(&mem);
}
