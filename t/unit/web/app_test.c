/* A whole request: FastCGI in, answer and log line out. */
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "conf/conf.h"
#include "harness/fcgi_client.h"
#include "harness/logbook.h"
#include "harness/suite.h"
#include "io/front.h"
#include "io/schema.h"
#include "web/app.h"
#include "web/limiter.h"

/* -- the operations of this test */
struct echo_in {
	const char *id;
	const char *word;
	int64_t n;
};
static const struct field echo_in_fields[] = {
    FIELD(echo_in, id, TEXT, REQUIRED, .lo = 1, .hi = 8, .from = FROM_PATH),
    FIELD(echo_in, word, TEXT, REQUIRED, .lo = 1, .hi = 8),
    FIELD(echo_in, n, INT, OPTIONAL, .lo = 0, .hi = 9, .from = FROM_QUERY),
};
SCHEMA(echo_in);
SCHEMA_EMPTY(none);

static handler_fn echo, nothing, wait_for_it, refuse, forge, flow;

static enum err
echo(struct ctx *c, const struct request *rq, struct response *rs)
{
	response_json(c, rs, 201, &echo_in_schema, rq->in);
	return OK;
}

static enum err
nothing(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	(void)rq;
	(void)rs;
	return OK;
}

static enum err
refuse(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)rq;
	(void)rs;
	return fail(c, ERR_NO_FUNDS, "hold of 5");
}

static enum err
forge(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	(void)rq;
	response_header(rs, "X-Good", "yes");
	response_header(rs, "X-Forged", "a\r\nX-Evil: 1");
	response_text(rs, 200, "x");
	return OK;
}

static int64_t wait_us;

static enum err
woken(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	response_text(rs, 200, rq->hurry ? "hurry" : "woken");
	return OK;
}

static enum err
wait_for_it(struct ctx *c, const struct request *rq, struct response *rs)
{
	(void)c;
	return response_park(
	    rs, rq->values[0].value, clock_mono() + wait_us, woken);
}

/* Parts of 64 KiB: as many as asked for, or a failure after that many. */
#define PART 65536
static _Atomic int parts_made;
struct parts {
	int left;
	bool fails;
};

static enum err
next_part(struct ctx *at, void *arg, struct buf *out, bool *more)
{
	struct parts *p = arg;

	parts_made++;
	if (p->left == 0)
		return fail(at, ERR_UNAVAILABLE, "gone in the middle");
	for (int i = 0; i < PART; i++)
		buf_char(out, (char)('a' + p->left % 26));
	*more = --p->left > 0 || p->fails;
	return OK;
}

static enum err
flow(struct ctx *at, const struct request *rq, struct response *rs)
{
	struct parts *p = arena_one(at->mem, struct parts);

	p->fails = strcmp(rq->values[0].value, "fails") == 0;
	p->left = p->fails ? 3 : 640; /* 40 MiB */
	response_stream(rs, "text/csv", next_part, p);
	return OK;
}

#define ROW(m, p, run_, in_)                                             \
	{                                                                \
#run_, p, run_, in_, METHOD_##m, DOOR_WEB | DOOR_COMPAT, \
		    WHO_ANYONE, LIMIT_READ, IDEM_NONE                    \
	}
static const struct route rows[] = {
    ROW(POST, "/echo/{id}", echo, &echo_in_schema),
    ROW(GET, "/nothing", nothing, &none_schema),
    ROW(GET, "/refuse", refuse, &none_schema),
    ROW(GET, "/forge", forge, &none_schema),
    ROW(GET, "/wait/{key}", wait_for_it, &none_schema),
    ROW(GET, "/flow/{how}", flow, &none_schema),
};
static const struct route_table table = {rows, sizeof(rows) / sizeof(rows[0])};

/* -- the process under test */
static char path[64];
static struct ctx c;
static struct conf conf;
static struct arena *mem;
static struct front *front;
static struct app *app;
static struct limiter *limiter;
static struct fcgi_answer answer;
static int listen_fd;
static char woken_key[64];
static pthread_mutex_t pop_lock = PTHREAD_MUTEX_INITIALIZER;

/* The Redis list of this test: one element. */
static enum err
pop(struct ctx *at, const char *list, int wait_ms, const char **out)
{
	(void)wait_ms;
	CU_ASSERT(strncmp(list, "reply:", 6) == 0);
	(void)pthread_mutex_lock(&pop_lock);
	*out = woken_key[0] == '\0' ? NULL : arena_dup(at->mem, woken_key);
	woken_key[0] = '\0';
	(void)pthread_mutex_unlock(&pop_lock);
	if (*out == NULL)
		(void)poll(NULL, 0, 1);
	return OK;
}

static void
push(const char *key)
{
	(void)pthread_mutex_lock(&pop_lock);
	(void)snprintf(woken_key, sizeof(woken_key), "%s", key);
	(void)pthread_mutex_unlock(&pop_lock);
}

static int
listen_at(const char *where)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", where);
	(void)unlink(where);
	CU_ASSERT_FATAL(bind(fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	CU_ASSERT_FATAL(listen(fd, 1024) == 0);
	return fd;
}

static void
start_with(size_t capacity)
{
	struct app_setup setup = {
	    .routes = &table, .pop = pop, .park_capacity = capacity};
	struct front_setup fs = {.limits = {20000, 1000, 500},
	    .threads = 4,
	    .max_conns = 700,
	    .max_memory = 1 << 20,
	    .handle = app_handle,
	    .alarm = app_alarm};

	cgi_init();
	mem = arena_new("test", 1 << 24);
	c = (struct ctx){.mem = mem};
	conf_defaults(&c, &conf);
	conf.rate_request_per_minute = 100000;
	c.conf = &conf;
	limiter = limiter_open(64);
	setup.guards.limiter = limiter;
	(void)snprintf(path, sizeof(path), "/tmp/app-test.%d", getpid());
	listen_fd = listen_at(path);
	CU_ASSERT_FATAL(app_open(&c, &setup, mem, &app) == OK);
	fs.arg = app;
	fs.listen_fd = listen_fd;
	CU_ASSERT_FATAL(front_open(&c, &fs, &front) == OK);
	CU_ASSERT_FATAL(app_start(&c, app, front) == OK);
	CU_ASSERT_FATAL(front_start(&c, front) == OK);
}

static void
start(void)
{
	start_with(600);
}

static void
stop(void)
{
	app_stop(app);
	front_close(&front);
	(void)close(listen_fd);
	(void)unlink(path);
	limiter_close(&limiter);
	arena_free(&mem);
}

static int
call(const char *method, const char *uri, const char *body)
{
	int fd = fcgi_connect(path);

	CU_ASSERT(fcgi_call(fd, method, uri, body, &answer));
	(void)close(fd);
	return answer.status;
}

static bool
head_has(const char *part)
{
	return strstr(answer.head, part) != NULL;
}

static bool
body_has(const char *part)
{
	return strstr(answer.body, part) != NULL;
}

static void
input_reaches_the_handler(void)
{
	start();
	CU_ASSERT_EQUAL(
	    call("POST", "/api/echo/abc", "{\"word\":\"hey\"}"), 201);
	CU_ASSERT(head_has("Status: 201 Created\r\n"));
	CU_ASSERT(head_has("Content-Type: application/json\r\n"));
	CU_ASSERT(head_has("X-Request-Id: "));
	CU_ASSERT(body_has("\"id\":\"abc\""));
	CU_ASSERT(body_has("\"word\":\"hey\""));
	CU_ASSERT(logbook_has("\"event\":\"request\""));
	CU_ASSERT(logbook_has("\"op\":\"echo\""));
	CU_ASSERT(logbook_has("\"status\":201"));
	stop();
}

static void
errors_are_problems(void)
{
	start();
	CU_ASSERT_EQUAL(call("GET", "/api/refuse", NULL), 402);
	CU_ASSERT(head_has("Content-Type: application/problem+json\r\n"));
	CU_ASSERT(body_has("\"type\":\"/problems/no_funds\""));
	CU_ASSERT(body_has("\"code\":\"no_funds\""));
	CU_ASSERT_FALSE(body_has("hold of 5")); /* the private reason */
	CU_ASSERT(logbook_has("hold of 5"));
	CU_ASSERT_EQUAL(call("GET", "/api/none", NULL), 404);
	CU_ASSERT_EQUAL(call("GET", "/elsewhere", NULL), 404);
	CU_ASSERT_EQUAL(call("GET", "/api/echo/abc", NULL), 405);
	CU_ASSERT(head_has("Allow: POST\r\n"));
	CU_ASSERT_EQUAL(call("PROPFIND", "/api/nothing", NULL), 405);
	CU_ASSERT(head_has("Allow: GET, HEAD\r\n"));
	CU_ASSERT_EQUAL(
	    call("POST", "/api/echo/abc", "{\"word\":\"\",\"x\":1}"), 422);
	CU_ASSERT(body_has("\"errors\":[{"));
	CU_ASSERT(body_has("\"field\":\"word\""));
	CU_ASSERT(body_has("\"field\":\"x\""));
	CU_ASSERT_EQUAL(call("POST", "/api/echo/abc", "{\"word\""), 400);
	stop();
}

static void
compat_door_has_its_own_words(void)
{
	start();
	CU_ASSERT_EQUAL(call("GET", "/api/compat/refuse", NULL), 200);
	CU_ASSERT_STRING_EQUAL(answer.body, "NO_BALANCE");
	CU_ASSERT(head_has("Content-Type: text/plain"));
	stop();
}

static void
silent_handler_is_an_error(void)
{
	start();
	logbook_expect("request");
	CU_ASSERT_EQUAL(call("GET", "/api/nothing", NULL), 500);
	stop();
}

static void
header_cannot_be_forged(void)
{
	start();
	CU_ASSERT_EQUAL(call("GET", "/api/forge", NULL), 200);
	CU_ASSERT(head_has("X-Good: yes\r\n"));
	CU_ASSERT_FALSE(head_has("Forged"));
	CU_ASSERT_FALSE(head_has("Evil"));
	stop();
}

static void
head_sends_no_body(void)
{
	start();
	CU_ASSERT_EQUAL(call("HEAD", "/api/forge", NULL), 200);
	CU_ASSERT(head_has("Content-Length: 1\r\n"));
	CU_ASSERT_EQUAL(answer.body_size, 0);
	stop();
}

static void
options_tell_what_is_allowed(void)
{
	start();
	CU_ASSERT_EQUAL(call("OPTIONS", "/api/echo/abc", NULL), 204);
	CU_ASSERT(head_has("Allow: POST\r\n"));
	CU_ASSERT_EQUAL(answer.body_size, 0);
	CU_ASSERT_EQUAL(call("OPTIONS", "/api/none", NULL), 404);
	stop();
}

static void
ask(int fd, const char *uri)
{
	const char *const params[] = {
	    "REQUEST_METHOD", "GET", "DOCUMENT_URI", uri, NULL};

	CU_ASSERT_FATAL(fcgi_send(fd, true, params, NULL, 0));
}

/* Read to the end of the connection or of the FastCGI request; bytes. */
static size_t
drain(int fd, bool *ended)
{
	unsigned char at[65536];
	unsigned char head[8];
	size_t total = 0;

	*ended = false;
	while (!*ended && recv(fd, head, 8, MSG_WAITALL) == 8) {
		size_t n = (size_t)head[4] << 8 | head[5];

		if (n + head[6] > 0 &&
		    recv(fd, at, n + head[6], MSG_WAITALL) !=
			(ssize_t)(n + head[6]))
			break;
		if (head[1] == 6) /* FCGI_STDOUT */
			total += n;
		*ended = head[1] == 3; /* FCGI_END_REQUEST */
	}
	return total;
}

/* 40 MiB by a request that may use 1 MiB, while others are served. */
static void
long_answer_flows(void)
{
	bool ended;
	int fd;

	start();
	CU_ASSERT_EQUAL(call("HEAD", "/api/flow/well", NULL), 200);
	CU_ASSERT_EQUAL(answer.body_size, 0);
	CU_ASSERT_FALSE(head_has("Content-Length"));
	fd = fcgi_connect(path);
	ask(fd, "/api/flow/well");
	CU_ASSERT_EQUAL(call("GET", "/api/forge", NULL), 200);
	CU_ASSERT(drain(fd, &ended) > (size_t)640 * PART);
	CU_ASSERT_TRUE(ended);
	(void)close(fd);
	stop();
	CU_ASSERT(logbook_has("\"op\":\"flow\""));
	CU_ASSERT(logbook_has("\"bytes\":41943040"));
}

static void
failed_stream_breaks_off(void)
{
	bool ended;
	int fd;

	start();
	logbook_expect("request");
	fd = fcgi_connect(path);
	ask(fd, "/api/flow/fails");
	CU_ASSERT(drain(fd, &ended) >= (size_t)2 * PART);
	CU_ASSERT_FALSE(ended);
	(void)close(fd);
	stop();
	CU_ASSERT(logbook_has("gone in the middle"));
}

/* Nobody reads: what is made is bounded, and it ends. */
static void
unread_stream_ends(void)
{
	int64_t end = clock_mono() + 10 * CLOCK_SECOND;
	int fd;

	start();
	parts_made = 0;
	fd = fcgi_connect(path);
	ask(fd, "/api/flow/well");
	while (!logbook_has("\"status\":499") && clock_mono() < end)
		(void)poll(NULL, 0, 10);
	CU_ASSERT(logbook_has("\"status\":499"));
	CU_ASSERT(parts_made < 100);
	CU_ASSERT_EQUAL(call("GET", "/api/forge", NULL), 200);
	(void)close(fd);
	stop();
}

#define MANY 500

/* 500 wait at once on 4 threads; one is woken by its key, the others by
 * their time; meanwhile others are served. */
static void
parked_requests_are_all_answered(void)
{
	static int fds[MANY];
	char uri[32];

	start();
	wait_us = 300 * CLOCK_MS;
	for (int i = 0; i < MANY; i++) {
		(void)snprintf(uri, sizeof(uri), "/api/wait/key-%d", i);
		CU_ASSERT_FATAL((fds[i] = fcgi_connect(path)) >= 0);
		ask(fds[i], uri);
	}
	CU_ASSERT_EQUAL(call("GET", "/api/refuse", NULL), 402);
	for (int i = 0; i < MANY; i++) {
		fcgi_receive(fds[i], &answer);
		CU_ASSERT_STRING_EQUAL(answer.body, "woken");
		(void)close(fds[i]);
	}
	stop();
}

static void
wake_up_resumes_at_once(void)
{
	int64_t before = clock_mono();
	int fd;

	start();
	wait_us = 20 * CLOCK_SECOND;
	fd = fcgi_connect(path);
	ask(fd, "/api/wait/abc");
	push("abc"); /* before or after it has parked: never lost */
	fcgi_receive(fd, &answer);
	CU_ASSERT_STRING_EQUAL(answer.body, "woken");
	CU_ASSERT(clock_mono() - before < 5 * CLOCK_SECOND);
	(void)close(fd);
	stop();
}

static void
leaving_process_answers_the_parked(void)
{
	int fd;

	start();
	wait_us = 20 * CLOCK_SECOND;
	fd = fcgi_connect(path);
	ask(fd, "/api/wait/abc");
	for (int i = 0; i < 1000 && front_conns(front) == 0; i++)
		(void)poll(NULL, 0, 1);
	CU_ASSERT_EQUAL(call("GET", "/api/refuse", NULL), 402);
	front_drain(front);
	for (int i = 0; i < 1000 && front_conns(front) > 0; i++) {
		app_resume_all(app);
		(void)poll(NULL, 0, 1);
	}
	fcgi_receive(fd, &answer);
	CU_ASSERT_STRING_EQUAL(answer.body, "hurry");
	(void)close(fd);
	stop();
}

static void
who_cannot_wait_is_answered(void)
{
	int fd;

	start_with(1);
	wait_us = 20 * CLOCK_SECOND;
	fd = fcgi_connect(path);
	ask(fd, "/api/wait/abc");
	for (int i = 0; i < 1000 && !logbook_has("\"request.parks\""); i++)
		(void)poll(NULL, 0, 1);
	CU_ASSERT_EQUAL(call("GET", "/api/wait/def", NULL), 200);
	CU_ASSERT_STRING_EQUAL(answer.body, "hurry");
	app_resume_all(app);
	fcgi_receive(fd, &answer);
	(void)close(fd);
	stop();
}

SUITE("app", {"input reaches the handler", input_reaches_the_handler},
    {"errors are problem+json without private reasons", errors_are_problems},
    {"the compatibility door has its own words", compat_door_has_its_own_words},
    {"a handler that answers nothing is an error", silent_handler_is_an_error},
    {"a header cannot be forged", header_cannot_be_forged},
    {"HEAD sends headers only", head_sends_no_body},
    {"a long answer flows through little memory", long_answer_flows},
    {"an answer that fails in the middle breaks off", failed_stream_breaks_off},
    {"an answer that nobody reads ends", unread_stream_ends},
    {"OPTIONS tells what is allowed", options_tell_what_is_allowed},
    {"500 parked requests on 4 threads are all answered",
	parked_requests_are_all_answered},
    {"a wake-up resumes at once, even before the park",
	wake_up_resumes_at_once},
    {"who finds no place to wait is answered at once",
	who_cannot_wait_is_answered},
    {"a process that leaves answers what is parked",
	leaving_process_answers_the_parked})
