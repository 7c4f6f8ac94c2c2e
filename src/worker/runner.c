#include "worker/runner.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "io/fetch.h"
#include "io/loop.h"
#include "service/errand.h"
#include "worker/lane.h"

#define RUNNER_ARENA ((size_t)4 << 20) /* thousands of lanes */

/* The lane of an account, which lives as long as the runner. */
struct way {
	int64_t account;
	struct lane lane;
	struct loop_timer *timer;
	struct runner *runner;
	struct way *next;
};

struct runner {
	struct arena *mem;
	struct loop *loop;
	struct fetcher *fetcher;
	struct way *ways;
	bool draining;
};

/* One errand, waiting or under way; lives in its own arena. */
struct flight {
	struct lane_call call; /* first: its lane knows its address */
	struct way *way;
	bool is_late;
	struct errand *errand;
	runner_done_fn *done;
	void *arg;
	struct fetch_request rq;
	struct fetch_outcome out;
};

static const struct fetch_header *
headers_out(const struct errand *errand)
{
	struct fetch_header *list = arena_many(
	    errand->mem, struct fetch_header, errand->header_count + 1);

	for (size_t i = 0; i < errand->header_count; i++)
		list[i] = (struct fetch_header){
		    errand->headers[i].name, errand->headers[i].value};
	return list;
}

static const struct errand_header *
headers_in(struct errand *errand, const struct fetch_outcome *out)
{
	struct errand_header *list = arena_many(
	    errand->mem, struct errand_header, out->header_count + 1);

	for (size_t i = 0; i < out->header_count; i++)
		list[i] = (struct errand_header){
		    out->headers[i].name, out->headers[i].value};
	return list;
}

static void
take_answer(struct errand *errand, const struct fetch_outcome *out)
{
	static const enum errand_result results[] = {
	    [FETCH_UNCERTAIN] = ERRAND_UNCERTAIN,
	    [FETCH_NOT_SENT] = ERRAND_NOT_SENT,
	    [FETCH_OK] = ERRAND_ANSWERED};

	errand->result = results[out->result];
	errand->status = out->status;
	errand->answer_headers = headers_in(errand, out);
	errand->answer_header_count = out->header_count;
	errand->answer = out->body;
	errand->answer_size = out->body_size;
	errand->why = out->why;
	errand->took_us = out->total_us;
}

static void go_on(void *arg);

static void
on_done(struct fetch_outcome *out, void *arg)
{
	struct flight *flight = arg;
	struct errand *errand = flight->errand;
	struct way *way = flight->way;

	take_answer(errand, out);
	errand->missed = flight->is_late;
	if (!flight->is_late)
		lane_end(&way->lane);
	/* Whoever settles it frees it, on another thread. */
	flight->done(errand, flight->arg);
	go_on(way);
}

/* One that is too late is refused by fetch, which tells of it later. */
static void
start(struct lane_call *call, bool is_late)
{
	struct flight *flight = (struct flight *)call;
	const struct errand *errand = flight->errand;

	flight->is_late = is_late;
	flight->rq = (struct fetch_request){.method = errand->method,
	    .url = errand->url,
	    .headers = headers_out(errand),
	    .header_count = errand->header_count,
	    .body = errand->body,
	    .body_size = errand->body_size,
	    .timeout_ms = errand->timeout_ms,
	    .over_by = call->over_by,
	    .max_body = errand->max_body,
	    .paid = errand->paid,
	    .check_address = errand->check_address};
	fetch_start(flight->way->runner->fetcher, errand->mem, &flight->rq,
	    &flight->out, on_done, flight);
}

/* Start what may start now, and come back when more may. */
static void
go_on(void *arg)
{
	struct way *way = arg;
	int64_t now = clock_mono();
	int64_t again = INT64_MAX;
	struct lane_call *call;

	while ((call = lane_take_late(&way->lane, now)) != NULL)
		start(call, true);
	while ((call = lane_take(&way->lane, now, &again)) != NULL)
		start(call, false);
	if (again == INT64_MAX)
		loop_timer_stop(way->timer);
	else
		loop_timer_set(way->timer, (int)((again - now) / CLOCK_MS + 1));
}

static struct way *
find_way(struct runner *r, int64_t account)
{
	struct way *way = r->ways;

	while (way != NULL && way->account != account)
		way = way->next;
	if (way != NULL)
		return way;
	way = arena_one(r->mem, struct way);
	way->account = account;
	way->runner = r;
	way->timer = loop_timer_new(r->loop, go_on, way);
	way->next = r->ways;
	r->ways = way;
	return way;
}

enum err
runner_open(struct ctx *c, struct loop *loop, struct runner **out)
{
	struct arena *mem = arena_new("runner", RUNNER_ARENA);
	struct runner *r = arena_one(mem, struct runner);

	r->mem = mem;
	r->loop = loop;
	*out = r;
	return fetcher_open(c, loop, &r->fetcher);
}

void
runner_close(struct runner **r)
{
	struct arena *mem;

	if (*r == NULL)
		return;
	fetcher_close(&(*r)->fetcher);
	mem = (*r)->mem;
	*r = NULL;
	arena_free(&mem);
}

void
runner_start(
    struct runner *r, struct errand *errand, runner_done_fn *done, void *arg)
{
	struct flight *flight = arena_one(errand->mem, struct flight);
	struct way *way = find_way(r, errand->account);

	law(errand->timeout_ms > 0 && errand->max_body > 0);
	*flight = (struct flight){
	    .call = {.rank = errand->rank, .over_by = errand->over_by},
	    .way = way,
	    .errand = errand,
	    .done = done,
	    .arg = arg};
	way->lane.limits = errand->limits; /* the latest are in force */
	lane_add(&way->lane, &flight->call);
	if (r->draining)
		lane_hurry(&way->lane);
	go_on(way);
}

void
runner_drain(struct runner *r)
{
	r->draining = true;
	for (struct way *way = r->ways; way != NULL; way = way->next) {
		lane_hurry(&way->lane);
		go_on(way);
	}
}
