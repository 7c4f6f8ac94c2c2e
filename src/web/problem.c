#include "web/problem.h"

#include "base/buf.h"
#include "base/text.h"
#include "io/js.h"
#include "io/schema.h"

/* Sorted by status; also answers for what handlers send. */
static const struct {
	int status;
	const char *reason;
} reasons[] = {
    {200, "OK"},
    {201, "Created"},
    {202, "Accepted"},
    {204, "No Content"},
    {304, "Not Modified"},
    {400, "Bad Request"},
    {401, "Unauthorized"},
    {402, "Payment Required"},
    {403, "Forbidden"},
    {404, "Not Found"},
    {405, "Method Not Allowed"},
    {408, "Request Timeout"},
    {409, "Conflict"},
    {413, "Content Too Large"},
    {415, "Unsupported Media Type"},
    {422, "Unprocessable Content"},
    {429, "Too Many Requests"},
    {500, "Internal Server Error"},
    {502, "Bad Gateway"},
    {503, "Service Unavailable"},
    {504, "Gateway Timeout"},
};

const char *
problem_reason(int status)
{
	for (size_t i = 0; i < sizeof(reasons) / sizeof(reasons[0]); i++)
		if (reasons[i].status == status)
			return reasons[i].reason;
	return "Unknown";
}

static void
add_member(struct buf *b, const char *name, const char *value)
{
	js_print_string(b, name);
	buf_char(b, ':');
	js_print_string(b, value);
	buf_char(b, ',');
}

static void
add_faults(struct buf *b, const struct field_errors *faults)
{
	size_t n = faults == NULL ? 0 : faults->count;

	buf_text(b, "\"errors\":[");
	for (size_t i = 0; i < n; i++) {
		const struct field_error *f = &faults->list[i];

		buf_text(b, i == 0 ? "{" : ",{");
		add_member(b, "field", f->field);
		add_member(b, "code", f->code);
		js_print_string(b, "detail");
		buf_char(b, ':');
		js_print_string(b, f->detail == NULL ? "" : f->detail);
		buf_char(b, '}');
	}
	buf_text(b, "]");
}

/* RFC 9457. `instance` is the request id that the log lines carry. */
static void
print_json(struct ctx *c, struct response *rs, const struct err_row *row)
{
	struct buf *b = &rs->body;

	response_empty(rs, row->http);
	rs->type = "application/problem+json";
	buf_fmt(b, "{\"type\":\"/problems/%s\",", row->name);
	add_member(b, "title", problem_reason(row->http));
	buf_fmt(b, "\"status\":%d,", row->http);
	add_member(b, "detail", row->text);
	add_member(b, "code", row->name);
	add_member(b, "instance", c->id == NULL ? "" : c->id);
	add_faults(b, c->faults);
	buf_char(b, '}');
}

/* handler_api: every answer is 200 text/plain, the word tells. */
static void
print_hapi(struct ctx *c, struct response *rs, const struct err_row *row)
{
	(void)c;
	response_text(rs, 200, row->hapi);
}

/* 5sim: text/plain with the status of the error. */
static void
print_fivesim(struct ctx *c, struct response *rs, const struct err_row *row)
{
	(void)c;
	response_text(rs, row->http, row->fivesim);
}

typedef void print_fn(
    struct ctx *c, struct response *rs, const struct err_row *row);

/* The first row that fits; the last one fits everything. */
static const struct {
	enum door door; /* DOOR_UNSET: any */
	const char *path;
	print_fn *print;
} printers[] = {
    {DOOR_COMPAT, "/5sim/", print_fivesim},
    {DOOR_COMPAT, "/", print_hapi},
    {DOOR_UNSET, "/", print_json},
};

static void
add_headers(struct response *rs, const struct err_row *row)
{
	if (row->http == 401)
		response_header(rs, "WWW-Authenticate", "Bearer");
	if ((row->http == 429 || row->http == 503) &&
	    !response_has_header(rs, "Retry-After"))
		response_header(rs, "Retry-After", "1");
}

void
problem_answer(
    struct ctx *c, const struct request *rq, struct response *rs, enum err e)
{
	const struct err_row *row = err_row(e);
	size_t i = 0;

	while (printers[i].door != DOOR_UNSET &&
	    (printers[i].door != rq->door || rq->path == NULL ||
		!text_starts(rq->path, printers[i].path)))
		i++;
	printers[i].print(c, rs, row);
	add_headers(rs, row);
}
