#include "worker/crew.h"

#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "base/log.h"
#include "io/loop.h"
#include "service/errand.h"
#include "worker/jobs.h"
#include "worker/runner.h"

#define RETRY_MS 200 /* before an unsettled answer is offered again */
/* Answers of one settle: more could outlast the deadline of a statement, and
 * would then be too many for it each time they are offered again. */
#define SETTLE_MOST 64

/* One task at work. */
struct work {
	const struct task *task;
	struct crew *crew;
	struct loop_timer *timer; /* the sweep */
	struct loop_timer *retry; /* of settle */
	bool planning, again, settling;
	size_t in_flight;
	struct errands answered; /* waiting to be settled */
	/* Lent to the plan job while `planning`. */
	struct errands planned;
	bool more;
	/* Lent to the settle job while `settling`. */
	struct errands batch, follow;
};

struct crew {
	struct arena *mem;
	struct loop *loop;
	struct runner *runner;
	struct jobs *jobs;
	struct work *works;
	size_t count;
	bool poor, draining;
};

static void settle_start(struct work *w);

static void
log_job(struct ctx *c, enum err e, const char *step)
{
	if (e != OK)
		log_ev(c, err_row(e)->level, "job.failed", L_STR("step", step),
		    L_STR("err", err_row(e)->name), L_STR("why", c->err_why));
}

static bool
is_idle(const struct work *w)
{
	return !w->planning && !w->settling && w->in_flight == 0 &&
	    w->answered.n == 0;
}

static void
stop_when_idle(struct crew *crew)
{
	if (!crew->draining)
		return;
	for (size_t i = 0; i < crew->count; i++)
		if (!is_idle(&crew->works[i]))
			return;
	loop_stop(crew->loop);
}

static void
on_answer(struct errand *errand, void *arg)
{
	struct work *w = arg;

	errands_add(&w->answered, errand);
	w->in_flight--;
	settle_start(w);
}

static void
run_errands(struct work *w, struct errands *list)
{
	for (struct errand *errand; (errand = errands_take(list)) != NULL;) {
		w->in_flight++;
		runner_start(w->crew->runner, errand, on_answer, w);
	}
}

static void
plan_run(struct ctx *c, void *arg)
{
	struct work *w = arg;

	w->more = false;
	log_job(c, w->task->plan(c, &w->planned, &w->more), "plan");
}

static void sweep(void *arg);

static void
plan_done(void *arg)
{
	struct work *w = arg;
	bool again = w->again || w->more;

	w->planning = false;
	w->again = false;
	run_errands(w, &w->planned);
	if (again && !w->crew->draining)
		sweep(w);
	stop_when_idle(w->crew);
}

static void
plan_job(struct ctx *c, void *arg)
{
	struct work *w = arg;

	plan_run(c, w);
	loop_post(w->crew->loop, plan_done, w);
}

/* Plan now, or once more when the plan that runs has ended. */
static void
sweep(void *arg)
{
	struct work *w = arg;
	struct crew *crew = w->crew;

	if (crew->draining)
		return;
	loop_timer_set(w->timer,
	    crew->poor && w->task->poor_ms > 0 ? w->task->poor_ms :
						 w->task->every_ms);
	if (w->task->alone && w->in_flight > 0)
		return; /* the next sweep plans it */
	if (w->planning) {
		w->again = true;
		return;
	}
	w->planning = true;
	jobs_add(crew->jobs, w->task->name, plan_job, w);
}

static void
settle_done(void *arg)
{
	struct work *w = arg;
	bool left = w->batch.n > 0;

	w->settling = false;
	run_errands(w, &w->follow);
	errands_join(&w->batch, &w->answered); /* the older ones first */
	w->answered = w->batch;
	w->batch = (struct errands){0};
	if (left)
		loop_timer_set(w->retry, RETRY_MS);
	else
		settle_start(w);
	stop_when_idle(w->crew);
}

static void
settle_job(struct ctx *c, void *arg)
{
	struct work *w = arg;

	log_job(c, w->task->settle(c, &w->batch, &w->follow), "settle");
	loop_post(w->crew->loop, settle_done, w);
}

static void
settle_start(struct work *w)
{
	if (w->settling || w->answered.n == 0)
		return;
	w->settling = true;
	while (w->answered.n > 0 && w->batch.n < SETTLE_MOST)
		errands_add(&w->batch, errands_take(&w->answered));
	jobs_add(w->crew->jobs, w->task->name, settle_job, w);
}

static void
settle_again(void *arg)
{
	settle_start(arg);
}

enum err
crew_open(struct ctx *c, struct loop *loop, const struct task *tasks_,
    size_t count, int threads, struct crew **out)
{
	struct arena *mem = arena_new("crew", 1 << 20);
	struct crew *crew = arena_one(mem, struct crew);

	crew->mem = mem;
	crew->loop = loop;
	crew->count = count;
	crew->works = arena_many(mem, struct work, count);
	TRY(runner_open(c, loop, &crew->runner));
	crew->jobs = jobs_open(c, threads);
	for (size_t i = 0; i < count; i++) {
		struct work *w = &crew->works[i];

		w->task = &tasks_[i];
		w->crew = crew;
		w->timer = loop_timer_new(loop, sweep, w);
		w->retry = loop_timer_new(loop, settle_again, w);
		loop_timer_set(w->timer, 0);
	}
	*out = crew;
	return OK;
}

void
crew_wake(struct crew *crew, const char *task)
{
	for (size_t i = 0; i < crew->count; i++)
		if (strcmp(crew->works[i].task->name, task) == 0)
			sweep(&crew->works[i]);
}

void
crew_set_poor(struct crew *crew, bool poor)
{
	if (crew->poor == poor)
		return;
	crew->poor = poor;
	log_ev(NULL, poor ? LEVEL_WARN : LEVEL_INFO, "wake.redis",
	    L_STR("state", poor ? "away" : "back"));
	for (size_t i = 0; poor && i < crew->count; i++)
		sweep(&crew->works[i]);
}

void
crew_drain(struct crew *crew)
{
	crew->draining = true;
	for (size_t i = 0; i < crew->count; i++)
		loop_timer_stop(crew->works[i].timer);
	runner_drain(crew->runner);
	stop_when_idle(crew);
}

void
crew_close(struct crew **crew)
{
	struct arena *mem;

	if (*crew == NULL)
		return;
	jobs_close(&(*crew)->jobs);
	runner_close(&(*crew)->runner);
	mem = (*crew)->mem;
	*crew = NULL;
	arena_free(&mem);
}
