/*
 * front_server - the real master, front and guards over a table of routes
 * made for tests: operations that wait, are slow, are large or die. It needs
 * neither PostgreSQL nor Redis.
 */
#include <poll.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "io/schema.h"
#include "web/daemon.h"

struct echo_in {
	const char *id;
	const char *word;
	int64_t n;
};
static const struct field echo_in_fields[] = {
    FIELD(echo_in, id, TEXT, REQUIRED, .lo = 1, .hi = 8, .from = FROM_PATH),
    FIELD(echo_in, word, TEXT, REQUIRED, .lo = 1, .hi = 8),
    FIELD(echo_in, n, INT, OPTIONAL, .lo = 0, .hi = 9),
};
SCHEMA(echo_in);
SCHEMA_EMPTY(none_in);

static enum err
health(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	(void)rq;
	response_text(rs, 200, "ok");
	return OK;
}

static enum err
pid(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)rq;
	response_text(rs, 200, arena_fmt(c->mem, "%d", (int)getpid()));
	return OK;
}

static enum err
echo(struct ctx *c, const struct request *rq, struct response *rs)
{
	response_json(c, rs, 200, &echo_in_schema, rq->in);
	return OK;
}

static enum err
client(struct ctx *c, const struct request *rq, struct response *rs)
{
	const char *proxy = request_header(rq, "Proxy");

	response_text(rs, 200,
	    arena_fmt(c->mem, "ip=%s id=%s proxy=%s host=%s", rq->ip, c->id,
		proxy == NULL ? "-" : proxy, request_header(rq, "Host")));
	return OK;
}

static enum err
big(struct ctx *c, const struct request *rq, struct response *rs)
{
	char *text = arena_alloc(c->mem, 1, 300001);

	(void)rq;
	memset(text, 'x', 300000);
	response_text(rs, 200, text);
	return OK;
}

/* nginx must not follow what an answer asks it to do. */
static enum err
accel(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	(void)rq;
	response_header(rs, "X-Accel-Redirect", "/index.html");
	response_text(rs, 200, "mine");
	return OK;
}

static int64_t
ms_of(const struct request *rq)
{
	int64_t ms;

	return rq->value_count > 0 &&
		text_to_i64(rq->values[0].value, 0, 60000, &ms) ?
	    ms :
	    50;
}

static enum err
slow(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	(void)poll(NULL, 0, (int)ms_of(rq));
	response_text(rs, 200, "slow");
	return OK;
}

static enum err
waited(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	response_text(rs, 200, rq->hurry ? "hurry" : "waited");
	return OK;
}

static enum err
wait_here(struct ctx *c, const struct request *rq, struct response *rs)
{
	return response_park(
	    rs, c->id, clock_mono() + ms_of(rq) * CLOCK_MS, waited);
}

/* Count the calls in a file, then die without an answer. */
static enum err
die(struct ctx *c, const struct request *rq, struct response *rs)
{
	FILE *f = fopen(getenv("FRONT_SERVER_DIED"), "ae");

	(void)c;
	(void)rs;
	if (f != NULL) {
		(void)fprintf(f, "%s\n", rq->path);
		(void)fclose(f);
	}
	_exit(9);
}

#define ROW(method, path, run, in, limit)                                     \
	{                                                                     \
#run, path, run, in, METHOD_##method, DOOR_WEB | DOOR_COMPAT, \
		    WHO_ANYONE, LIMIT_##limit, IDEM_NONE                      \
	}
static const struct route rows[] = {
    ROW(GET, "/health", health, &none_in_schema, READ),
    ROW(GET, "/pid", pid, &none_in_schema, READ),
    ROW(POST, "/echo/{id}", echo, &echo_in_schema, STD),
    ROW(GET, "/client", client, &none_in_schema, READ),
    ROW(GET, "/big", big, &none_in_schema, READ),
    ROW(GET, "/accel", accel, &none_in_schema, READ),
    ROW(GET, "/slow/{ms}", slow, &none_in_schema, READ),
    ROW(GET, "/wait/{ms}", wait_here, &none_in_schema, READ),
    ROW(GET, "/die", die, &none_in_schema, READ),
    ROW(GET, "/handler_api", die, &none_in_schema, READ),
    ROW(POST, "/numbers", wait_here, &none_in_schema, LEASE),
    ROW(POST, "/auth/login", pid, &none_in_schema, LOGIN),
    ROW(GET, "/admin/pid", pid, &none_in_schema, READ),
};
static const struct route_table table = {rows, sizeof(rows) / sizeof(rows[0])};

/* Nobody wakes anybody here. */
static enum err
pop(struct ctx *c, const char *list, int wait_ms, const char **out)
{
	(void)c;
	(void)list;
	*out = NULL;
	(void)poll(NULL, 0, wait_ms < 50 ? wait_ms : 50);
	return OK;
}

static enum err
open_nothing(struct ctx *c, const char *pool, bool is_again)
{
	(void)c;
	(void)pool;
	(void)is_again;
	return OK;
}

static void
close_nothing(struct ctx *c)
{
	(void)c;
}

int
main(int argc, char **argv)
{
	static const struct daemon_setup setup = {.name = "front_server",
	    .routes = &table,
	    .pop = pop,
	    .open = open_nothing,
	    .close = close_nothing};

	return daemon_main(argc, argv, &setup);
}
