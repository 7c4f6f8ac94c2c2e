#include "worker/runner.h"

#include "base/arena.h"
#include "base/law.h"
#include "io/fetch.h"
#include "service/errand.h"

/* One errand under way; lives in its own arena. */
struct flight {
	struct errand *errand;
	runner_done_fn *done;
	void *arg;
	struct fetch_request rq;
	struct fetch_outcome out;
};

static const struct fetch_header *
headers_out(struct errand *errand)
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
on_done(struct fetch_outcome *out, void *arg)
{
	static const enum errand_result results[] = {
	    [FETCH_UNCERTAIN] = ERRAND_UNCERTAIN,
	    [FETCH_NOT_SENT] = ERRAND_NOT_SENT,
	    [FETCH_OK] = ERRAND_ANSWERED};
	struct flight *flight = arg;
	struct errand *errand = flight->errand;

	errand->result = results[out->result];
	errand->status = out->status;
	errand->answer_headers = headers_in(errand, out);
	errand->answer_header_count = out->header_count;
	errand->answer = out->body;
	errand->answer_size = out->body_size;
	errand->why = out->why;
	errand->took_us = out->total_us;
	flight->done(errand, flight->arg);
}

void
runner_start(
    struct fetcher *f, struct errand *errand, runner_done_fn *done, void *arg)
{
	struct flight *flight = arena_one(errand->mem, struct flight);

	law(errand->timeout_ms > 0 && errand->max_body > 0);
	*flight = (struct flight){.errand = errand, .done = done, .arg = arg};
	flight->rq = (struct fetch_request){.method = errand->method,
	    .url = errand->url,
	    .headers = headers_out(errand),
	    .header_count = errand->header_count,
	    .body = errand->body,
	    .body_size = errand->body_size,
	    .timeout_ms = errand->timeout_ms,
	    .over_by = errand->over_by,
	    .max_body = errand->max_body,
	    .paid = errand->paid,
	    .check_address = errand->check_address};
	fetch_start(f, errand->mem, &flight->rq, &flight->out, on_done, flight);
}
