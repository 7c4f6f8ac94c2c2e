#include "worker/jobs.h"

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/law.h"

#define JOB_ARENA   ((size_t)256 << 20) /* the largest price list, as rows */
#define MAX_THREADS 32
#define MAX_QUEUED  256 /* each task has at most two jobs queued */

struct job {
	const char *op;
	job_fn *run;
	void *arg;
};

struct jobs {
	struct arena *mem;
	struct ctx base;
	pthread_mutex_t lock;
	pthread_cond_t work;
	struct job ring[MAX_QUEUED];
	unsigned head, count;
	pthread_t threads[MAX_THREADS];
	int thread_count;
	bool closing;
};

/* The next job, or false when there will be none. */
static bool
take(struct jobs *j, struct job *out)
{
	bool got;

	(void)pthread_mutex_lock(&j->lock);
	while (j->count == 0 && !j->closing)
		(void)pthread_cond_wait(&j->work, &j->lock);
	got = j->count > 0;
	if (got) {
		*out = j->ring[j->head];
		j->head = (j->head + 1) % MAX_QUEUED;
		j->count--;
	}
	(void)pthread_mutex_unlock(&j->lock);
	return got;
}

static void *
thread_main(void *arg)
{
	struct jobs *j = arg;
	struct arena *mem = arena_new("job", JOB_ARENA);
	struct job job;

	while (take(j, &job)) {
		struct ctx c = j->base;
		char id[ID_SIZE];

		id_new(id);
		c.mem = mem;
		c.id = id;
		c.op = job.op;
		job.run(&c, job.arg);
		arena_reset(mem);
	}
	arena_free(&mem);
	return NULL;
}

struct jobs *
jobs_open(const struct ctx *base, int threads)
{
	struct arena *mem = arena_new("jobs", 1 << 20);
	struct jobs *j = arena_one(mem, struct jobs);

	law(threads > 0 && threads <= MAX_THREADS);
	j->mem = mem;
	j->base = *base;
	j->thread_count = threads;
	law(pthread_mutex_init(&j->lock, NULL) == 0);
	law(pthread_cond_init(&j->work, NULL) == 0);
	for (int i = 0; i < threads; i++)
		law(pthread_create(&j->threads[i], NULL, thread_main, j) == 0);
	return j;
}

void
jobs_add(struct jobs *j, const char *op, job_fn *run, void *arg)
{
	(void)pthread_mutex_lock(&j->lock);
	law(j->count < MAX_QUEUED);
	j->ring[(j->head + j->count++) % MAX_QUEUED] =
	    (struct job){.op = op, .run = run, .arg = arg};
	(void)pthread_cond_signal(&j->work);
	(void)pthread_mutex_unlock(&j->lock);
}

void
jobs_close(struct jobs **jobs)
{
	struct jobs *j = *jobs;
	struct arena *mem;

	if (j == NULL)
		return;
	(void)pthread_mutex_lock(&j->lock);
	j->closing = true;
	(void)pthread_cond_broadcast(&j->work);
	(void)pthread_mutex_unlock(&j->lock);
	for (int i = 0; i < j->thread_count; i++)
		(void)pthread_join(j->threads[i], NULL);
	(void)pthread_mutex_destroy(&j->lock);
	(void)pthread_cond_destroy(&j->work);
	mem = j->mem;
	*jobs = NULL;
	arena_free(&mem);
}
