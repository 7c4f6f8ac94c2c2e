#include "web/app.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/id.h"
#include "base/law.h"
#include "base/log.h"
#include "web/park.h"
#include "web/problem.h"
#include "web/reply.h"

/* The longest a request may take, for what it waits on. */
#define REQUEST_TIME (15 * CLOCK_SECOND)
#define WAKE_BATCH   32
/* A streamed answer: memory of one part, and how long all may take. nginx
 * takes it as fast as it is made and keeps it for a slow reader. */
#define PART_MEMORY ((size_t)4 << 20)
#define STREAM_TIME (60 * CLOCK_SECOND)

struct app {
	struct ctx base; /* settings, pools, keys */
	struct app_setup setup;
	struct front *front;
	struct park *park;
	pthread_mutex_t alarm; /* the timer follows the park */
	struct reply *reply;
	_Atomic bool leaving;
};

/* One request on its way; lives in the request's arena. */
struct exchange {
	struct app *app;
	struct front_rq *front;
	struct ctx c;
	struct request rq;
	struct response rs;
	int64_t started;
	size_t sent;
	bool head, options; /* the method */
};

static bool
is_id(const char *s)
{
	size_t n = s == NULL ? 0 : strlen(s);

	if (n < 8 || n > 64)
		return false;
	return strspn(s,
		   "0123456789abcdefghijklmnopqrstuvwxyz"
		   "ABCDEFGHIJKLMNOPQRSTUVWXYZ-") == n;
}

static const char *
request_id(struct arena *mem, const struct request *rq)
{
	const char *id = request_cgi(rq, "REQUEST_ID");
	char made[ID_SIZE];

	if (is_id(id))
		return id;
	id_new(made);
	return arena_dup(mem, made);
}

static struct exchange *
exchange_new(struct app *app, struct front_rq *front)
{
	struct arena *mem = front_mem(front);
	struct exchange *x = arena_one(mem, struct exchange);
	struct cgi *cgi = front_cgi(front);

	x->app = app;
	x->front = front;
	x->started = clock_mono();
	x->c = app->base;
	x->c.mem = mem;
	x->c.deadline = x->started + REQUEST_TIME;
	x->rq.hurry = app->leaving;
	x->rq.params = cgi_params(cgi);
	x->rq.body = cgi_body(cgi, &x->rq.body_size);
	x->rq.query = request_cgi(&x->rq, "QUERY_STRING");
	x->rq.ip = request_cgi(&x->rq, "REMOTE_ADDR");
	x->rq.reply_list = app->reply == NULL ? NULL : reply_list(app->reply);
	x->c.id = request_id(mem, &x->rq);
	response_init(&x->c, &x->rs);
	*front_slot(front) = x;
	return x;
}

/* Which door, path and method? */
static enum err
read_line(struct exchange *x)
{
	const char *method = request_cgi(&x->rq, "REQUEST_METHOD");
	const char *uri = request_cgi(&x->rq, "DOCUMENT_URI");
	struct ctx *c = &x->c;

	if (uri == NULL || method == NULL)
		return fail(c, ERR_BAD_REQUEST, "no method or no path");
	if (!router_door(uri, &x->rq.door, &x->rq.path))
		return fail(c, ERR_NOT_FOUND, "behind no door");
	x->head = strcmp(method, "HEAD") == 0;
	x->options = strcmp(method, "OPTIONS") == 0;
	x->rq.method = router_method(method);
	return OK;
}

/* The row of the request; *done when the answer is already there. */
static enum err
find_route(struct exchange *x, bool *done)
{
	const char *allow;
	enum err e = router_find(&x->c, x->app->setup.routes, &x->rq, &allow);

	*done = allow != NULL && x->options;
	if (allow != NULL)
		response_header(&x->rs, "Allow", allow);
	if (!*done)
		return e;
	ctx_forgive(&x->c);
	response_empty(&x->rs, 204);
	return OK;
}

static enum err
route(struct exchange *x)
{
	bool done;

	TRY(cgi_fault(front_cgi(x->front)));
	TRY(read_line(x));
	TRY(find_route(x, &done));
	if (done)
		return OK;
	x->c.op = x->rq.route->op;
	TRY(guard_run(&x->c, &x->app->setup.guards, &x->rq, &x->rs));
	return x->rq.route->run(&x->c, &x->rq, &x->rs);
}

static void
add_header(struct buf *b, const char *name, const char *value)
{
	buf_text(b, name);
	buf_text(b, ": ");
	buf_text(b, value);
	buf_text(b, "\r\n");
}

static void
send(struct exchange *x)
{
	struct cgi *cgi = front_cgi(x->front);
	struct response *rs = &x->rs;
	struct buf head;

	response_header(rs, "X-Request-Id", x->c.id);
	if (!response_has_header(rs, "Cache-Control"))
		response_header(rs, "Cache-Control", "no-store");
	buf_init(&head, x->c.mem);
	/* Without a reason nginx would send a status line that lacks one. */
	buf_fmt(
	    &head, "Status: %d %s\r\n", rs->status, problem_reason(rs->status));
	for (size_t i = 0; i < rs->header_count; i++)
		add_header(&head, rs->headers[i].name, rs->headers[i].value);
	if (rs->type != NULL)
		add_header(&head, "Content-Type", rs->type);
	if (rs->type != NULL && rs->stream == NULL)
		buf_fmt(&head, "Content-Length: %zu\r\n", rs->body.len);
	buf_text(&head, "\r\n");
	cgi_write(cgi, head.at, head.len);
	if (!x->head) {
		cgi_write(cgi, rs->body.at, rs->body.len);
		x->sent = rs->body.len;
	}
}

static void
log_access(const struct exchange *x, enum err e, int status)
{
	enum err_level level = e == OK ? LEVEL_INFO : err_row(e)->level;

	log_ev(&x->c, level, "request", L_I64("status", status),
	    L_STR("err", e == OK ? NULL : err_row(e)->name),
	    L_STR("why", e == OK ? NULL : x->c.err_why),
	    L_I64("us", clock_mono() - x->started), L_I64("db_us", x->c.db_us),
	    L_I64("bytes", (int64_t)x->sent));
}

static void
finish(struct exchange *x, enum err e, int status)
{
	log_access(x, e, status);
	front_finish(x->app->front, x->front);
}

/* Make the next part of a streamed answer and send it. */
static enum err
send_part(struct exchange *x, bool *more)
{
	struct arena *mem = arena_new("part", PART_MEMORY);
	struct ctx c = x->c;
	struct buf part;
	enum err e;

	c.mem = mem;
	c.deadline = clock_mono() + REQUEST_TIME;
	buf_init(&part, mem);
	e = x->rs.stream(&c, x->rs.stream_arg, &part, more);
	x->c.db_us = c.db_us;
	if (e == OK) {
		cgi_write(front_cgi(x->front), part.at, part.len);
		x->sent += part.len;
		if (*more && clock_mono() > x->started + STREAM_TIME)
			e = fail(&x->c, ERR_TIMEOUT, "it is read too slowly");
	} else {
		e = fail(&x->c, e, "%s", c.err_why);
	}
	arena_free(&mem);
	return e;
}

/*
 * Between two parts whatever else is ready has its turn, so that a long
 * answer never keeps a thread. From front_hold() on the exchange may be gone.
 */
static void
stream(struct exchange *x)
{
	struct app *app = x->app;
	struct cgi *cgi = front_cgi(x->front);
	bool more = false;
	enum err e = send_part(x, &more);

	if (cgi_has_failed(cgi)) {
		finish(x, OK, 499);
	} else if (e != OK) {
		cgi_abort(cgi);
		finish(x, e, x->rs.status);
	} else if (!more) {
		finish(x, OK, x->rs.status);
	} else {
		uint64_t ticket = front_hold(app->front, x->front);

		(void)front_resume(app->front, ticket); /* or it hung up */
	}
}

static void
answer(struct exchange *x, enum err e)
{
	if (e == OK && x->rs.status == 0)
		e = fail(&x->c, ERR_INTERNAL, "the handler answered nothing");
	if (e != OK)
		problem_answer(&x->c, &x->rq, &x->rs, e);
	send(x);
	if (x->rs.stream != NULL && !x->head)
		stream(x);
	else
		finish(x, e, x->rs.status);
}

static void
arm_alarm(struct app *app)
{
	law(pthread_mutex_lock(&app->alarm) == 0);
	front_alarm(app->front, park_next(app->park));
	law(pthread_mutex_unlock(&app->alarm) == 0);
}

/* From front_hold() on the exchange may be gone: only copies are used. */
static void
park(struct exchange *x)
{
	struct app *app = x->app;
	int64_t until = x->rs.park_until;
	char key[PARK_KEY_SIZE];
	uint64_t ticket;
	int n = snprintf(key, sizeof(key), "%s", x->rs.park_key);

	law(n >= 0 && n < PARK_KEY_SIZE);
	log_ev(&x->c, LEVEL_DEBUG, "request.parks");
	ticket = front_hold(app->front, x->front);
	if (park_add(app->park, key, ticket, clock_mono(), until) == PARK_WAITS)
		arm_alarm(app);
	else
		(void)front_resume(app->front, ticket); /* or it hung up */
}

/* Go on with a request that waited, or that must not wait (`hurry`). */
static enum err
run_on(struct exchange *x, bool hurry)
{
	resume_fn *run = x->rs.resume;

	x->rs.resume = NULL;
	x->rq.hurry = hurry;
	x->c.deadline = clock_mono() + REQUEST_TIME;
	return run(&x->c, &x->rq, &x->rs);
}

/* Without a place to wait it is answered now, with what is known. */
static void
settle(struct exchange *x, enum err e)
{
	if (e == SUSPENDED && park_is_full(x->app->park)) {
		log_ev(&x->c, LEVEL_DEBUG, "request.hurries");
		e = run_on(x, true);
	}
	if (e == SUSPENDED)
		park(x);
	else
		answer(x, e);
}

static void
resume(struct exchange *x)
{
	settle(x, run_on(x, x->app->leaving));
}

void
app_handle(void *arg, struct front_rq *rq, enum front_why why)
{
	struct app *app = arg;
	struct exchange *x = *front_slot(rq);

	switch (why) {
	case FRONT_NEW:
		x = exchange_new(app, rq);
		settle(x, route(x));
		break;
	case FRONT_RESUMED:
		if (x->rs.stream != NULL)
			stream(x);
		else
			resume(x);
		break;
	case FRONT_GONE:
		park_remove(app->park, front_ticket(rq));
		log_access(x, OK, 499);
		front_finish(app->front, rq);
		break;
	}
}

void
app_alarm(void *arg)
{
	struct app *app = arg;
	uint64_t ticket;

	while (park_due(app->park, clock_mono(), &ticket))
		(void)front_resume(app->front, ticket); /* or it hung up */
	arm_alarm(app);
}

void
app_resume_all(struct app *app)
{
	uint64_t ticket;

	app->leaving = true;
	/* Once each: some must wait a little longer and park again. */
	for (size_t n = park_count(app->park);
	     n > 0 && park_due(app->park, INT64_MAX, &ticket); n--)
		(void)front_resume(app->front, ticket); /* or it hung up */
}

void
app_wake(struct app *app, const char *key)
{
	uint64_t tickets[WAKE_BATCH];
	size_t n;

	do {
		n = park_wake(
		    app->park, key, clock_mono(), tickets, WAKE_BATCH);
		for (size_t i = 0; i < n; i++)
			(void)front_resume(app->front, tickets[i]);
	} while (n == WAKE_BATCH);
}

static void
on_wake(void *arg, const char *key)
{
	app_wake(arg, key);
}

enum err
app_open(const struct ctx *c, const struct app_setup *setup, struct arena *mem,
    struct app **out)
{
	struct app *app = arena_one(mem, struct app);

	app->base = *c;
	app->base.err = OK;
	app->base.db_us = 0; /* what starting took is no request's */
	app->setup = *setup;
	app->park = park_new(mem, setup->park_capacity);
	law(pthread_mutex_init(&app->alarm, NULL) == 0);
	if (setup->pop != NULL)
		app->reply = reply_new(mem, setup->pop, on_wake, app);
	*out = app;
	return OK;
}

enum err
app_start(struct ctx *c, struct app *app, struct front *front)
{
	app->front = front;
	if (app->setup.begin != NULL)
		TRY(app->setup.begin(&app->base, on_wake, app));
	return app->reply == NULL ? OK : reply_start(c, app->reply);
}

void
app_stop(struct app *app)
{
	if (app->reply != NULL)
		reply_stop(app->reply);
	if (app->setup.end != NULL)
		app->setup.end(&app->base);
}
