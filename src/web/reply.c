#include "web/reply.h"

#include <inttypes.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/law.h"

#define POP_MS    1000 /* also how long stopping may take */
#define RETRY_MS  200
#define LIST_SIZE 160
#define MEMORY    ((size_t)1 << 20)

struct reply {
	char list[LIST_SIZE];
	app_pop_fn *pop;
	void (*wake)(void *arg, const char *key);
	void *arg;
	struct ctx c;
	pthread_t thread;
	bool started;
	_Atomic bool stopping;
};

struct reply *
reply_new(struct arena *mem, app_pop_fn *pop,
    void (*wake)(void *arg, const char *key), void *arg)
{
	struct reply *r = arena_one(mem, struct reply);
	char host[65] = "";
	uint64_t noise;

	law(getrandom(&noise, sizeof(noise), 0) == sizeof(noise));
	if (gethostname(host, sizeof(host) - 1) != 0)
		host[0] = '\0'; /* the random part still tells us apart */
	(void)snprintf(r->list, sizeof(r->list), "reply:%s:%d:%016" PRIx64,
	    host, (int)getpid(), noise);
	r->pop = pop;
	r->wake = wake;
	r->arg = arg;
	return r;
}

const char *
reply_list(const struct reply *r)
{
	return r->list;
}

static void *
run(void *arg)
{
	struct reply *r = arg;
	struct arena *mem = arena_new("reply", MEMORY);

	r->c.mem = mem;
	while (!r->stopping) {
		const char *key = NULL;
		enum err e = r->pop(&r->c, r->list, POP_MS, &key);

		if (e != OK) /* the pool has logged it */
			(void)poll(NULL, 0, RETRY_MS);
		else if (key != NULL)
			r->wake(r->arg, key);
		ctx_forgive(&r->c);
		arena_reset(mem);
	}
	arena_free(&mem);
	return NULL;
}

enum err
reply_start(struct ctx *c, struct reply *r)
{
	sigset_t all;
	sigset_t before;
	int rc;

	r->c = *c;
	r->c.op = "reply";
	(void)sigfillset(&all);
	law(pthread_sigmask(SIG_SETMASK, &all, &before) == 0);
	rc = pthread_create(&r->thread, NULL, run, r);
	law(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
	if (rc != 0)
		return fail(c, ERR_UNAVAILABLE, "thread: errno %d", rc);
	r->started = true;
	return OK;
}

void
reply_stop(struct reply *r)
{
	r->stopping = true;
	if (r->started)
		law(pthread_join(r->thread, NULL) == 0);
	r->started = false;
}
