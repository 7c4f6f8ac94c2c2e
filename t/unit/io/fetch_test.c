#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "harness/raw_server.h"
#include "harness/suite.h"
#include "io/fetch.h"
#include "io/loop.h"

#define PURCHASES 50

static struct ctx c;
static struct loop *loop;
static struct fetcher *fetcher;
static struct raw_server *server;
static struct fetch_request rq;
static struct fetch_outcome out;

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 64 << 20)};
	CU_ASSERT_EQUAL_FATAL(loop_open(&c, &loop), OK);
	CU_ASSERT_EQUAL_FATAL(fetcher_open(&c, loop, &fetcher), OK);
	server = raw_server_open();
	rq = (struct fetch_request){
	    .method = "GET", .timeout_ms = 5000, .max_body = 65536};
}

static void
stop(void)
{
	CU_ASSERT_EQUAL(fetcher_active(fetcher), 0);
	fetcher_close(&fetcher);
	CU_ASSERT_PTR_NULL(fetcher);
	loop_close(&loop);
	raw_server_close(&server);
	arena_free(&c.mem);
}

static void
on_done(struct fetch_outcome *o, void *arg)
{
	CU_ASSERT_PTR_EQUAL(o, &out);
	loop_stop(arg);
}

/* Make `rq` for a path of the server, on the loop. */
static void
go(const char *path)
{
	rq.url = arena_fmt(
	    c.mem, "http://127.0.0.1:%d%s", raw_server_port(server), path);
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	loop_run(loop);
}

static void
whole_answer(void)
{
	start();
	go("/ok");
	CU_ASSERT_EQUAL(out.result, FETCH_OK);
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_NONE);
	CU_ASSERT_PTR_NULL(out.why);
	CU_ASSERT_EQUAL(out.status, 200);
	CU_ASSERT_STRING_EQUAL(out.body, "hello");
	CU_ASSERT_EQUAL(out.body_size, 5);
	CU_ASSERT_FALSE(out.body_cut);
	CU_ASSERT_TRUE(out.total_us > 0);
	CU_ASSERT_STRING_EQUAL(fetch_header_find(&out, "content-length"), "5");
	CU_ASSERT_PTR_NULL(fetch_header_find(&out, "X-None"));
	stop();
}

static void
synchronous(void)
{
	start();
	rq.url =
	    arena_fmt(c.mem, "http://127.0.0.1:%d/ok", raw_server_port(server));
	fetch_run(&c, &rq, &out);
	CU_ASSERT_EQUAL(out.result, FETCH_OK);
	CU_ASSERT_STRING_EQUAL(out.body, "hello");
	rq.url = "nonsense://x";
	fetch_run(&c, &rq, &out);
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_REQUEST);
	stop();
}

static void
request_as_asked(void)
{
	const struct fetch_header headers[] = {
	    {"Authorization", "Bearer x"}, {"X-Empty", ""}};

	start();
	rq.method = "PATCH";
	rq.headers = headers;
	rq.header_count = 2;
	rq.body = "{\"a\":1}";
	rq.body_size = 7;
	go("/echo");
	CU_ASSERT_PTR_NOT_NULL(strstr(out.body, "PATCH /echo HTTP/1.1\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out.body, "Authorization: Bearer x\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out.body, "X-Empty:"));
	CU_ASSERT_PTR_NOT_NULL(
	    strstr(out.body, "User-Agent: numlease/" NUMLEASE_VERSION "\r\n"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out.body, "\r\n\r\n{\"a\":1}"));
	CU_ASSERT_PTR_NULL(strstr(out.body, "Accept-Encoding"));
	CU_ASSERT_PTR_NULL(strstr(out.body, "Expect"));
	CU_ASSERT_PTR_NULL(strstr(out.body, "Content-Type"));
	CU_ASSERT_PTR_NULL(strstr(out.body, "Cookie"));
	rq = (struct fetch_request){
	    .method = "POST", .timeout_ms = 5000, .max_body = 65536};
	go("/echo");
	CU_ASSERT_PTR_NOT_NULL(strstr(out.body, "POST /echo"));
	CU_ASSERT_PTR_NOT_NULL(strstr(out.body, "Content-Length: 0\r\n"));
	stop();
}

static void
headers_are_not_split(void)
{
	const struct fetch_header bad[] = {{"X", "a\r\nEvil: 1"}, {"X\n", "a"},
	    {"", "a"}, {"X:Y", "a"}, {"X", "\x7f"}};

	start();
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		rq.headers = &bad[i];
		rq.header_count = 1;
		go("/ok");
		CU_ASSERT_EQUAL(out.result, FETCH_NOT_SENT);
		CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_REQUEST);
		CU_ASSERT_PTR_NOT_NULL(out.why);
	}
	CU_ASSERT_EQUAL(raw_server_connections(server), 0);
	stop();
}

static void
connection_is_kept(void)
{
	start();
	for (int i = 0; i < 5; i++) {
		go("/ok");
		CU_ASSERT_EQUAL(out.result, FETCH_OK);
	}
	CU_ASSERT_EQUAL(raw_server_requests(server, "/ok"), 5);
	CU_ASSERT_EQUAL(raw_server_connections(server), 1);
	rq.paid = true;
	go("/ok");
	go("/ok");
	CU_ASSERT_EQUAL(raw_server_connections(server), 3);
	stop();
}

static void
redirects_are_answers(void)
{
	start();
	go("/moved");
	CU_ASSERT_EQUAL(out.result, FETCH_OK);
	CU_ASSERT_EQUAL(out.status, 302);
	CU_ASSERT_STRING_EQUAL(fetch_header_find(&out, "LOCATION"), "/ok");
	CU_ASSERT_EQUAL(raw_server_requests(server, "/ok"), 0);
	go("/hints");
	CU_ASSERT_EQUAL(out.status, 200);
	CU_ASSERT_PTR_NULL(fetch_header_find(&out, "X-Early"));
	stop();
}

/* What a paid request comes to at a server that misbehaves. */
struct misbehaviour {
	const char *path;
	enum fetch_fault fault;
	int status;
};

static void
lost_answers(void)
{
	static const struct misbehaviour rows[] = {
	    {"/cut", FETCH_FAULT_BROKEN, 200},
	    {"/half", FETCH_FAULT_BROKEN, 200},
	    {"/reset", FETCH_FAULT_BROKEN, 0},
	    {"/drop", FETCH_FAULT_BROKEN, 0},
	    {"/garbage", FETCH_FAULT_BROKEN, 0},
	    {"/silent", FETCH_FAULT_TIMEOUT, 0},
	    {"/drip", FETCH_FAULT_TIMEOUT, 200},
	    {"/flood", FETCH_FAULT_TOO_LARGE, 200},
	    {"/big", FETCH_FAULT_TOO_LARGE, 200},
	};

	start();
	rq.paid = true;
	rq.timeout_ms = 300;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		go(rows[i].path);
		if (out.result != FETCH_UNCERTAIN || out.why == NULL ||
		    out.fault != rows[i].fault || out.status != rows[i].status)
			CU_FAIL(rows[i].path);
		CU_ASSERT_EQUAL(out.body_cut, out.status != 0);
		CU_ASSERT_EQUAL(raw_server_requests(server, rows[i].path), 1);
	}
	stop();
}

static void
body_has_a_ceiling(void)
{
	start();
	rq.max_body = 1000;
	go("/big");
	CU_ASSERT_EQUAL(out.result, FETCH_UNCERTAIN);
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_TOO_LARGE);
	CU_ASSERT_EQUAL(out.body_size, 1000);
	CU_ASSERT_EQUAL(strlen(out.body), 1000);
	CU_ASSERT_TRUE(out.body_cut);
	rq.max_body = 1 << 20;
	go("/big");
	CU_ASSERT_EQUAL(out.result, FETCH_OK);
	CU_ASSERT_EQUAL(out.body_size, 1 << 20);
	rq.max_body = 5;
	go("/ok");
	CU_ASSERT_EQUAL(out.result, FETCH_OK);
	stop();
}

static void
slow_is_timed(void)
{
	int64_t from;

	start();
	rq.timeout_ms = 200;
	from = clock_mono();
	go("/drip");
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_TIMEOUT);
	CU_ASSERT_TRUE(clock_mono() - from >= 200 * CLOCK_MS);
	CU_ASSERT_TRUE(clock_mono() - from < 2 * CLOCK_SECOND);
	CU_ASSERT_TRUE(out.body_size > 0);
	stop();
}

static void
not_sent(void)
{
	start();
	rq.paid = true;
	rq.url = arena_fmt(
	    c.mem, "http://127.0.0.1:%d/buy", raw_server_closed_port());
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	loop_run(loop);
	CU_ASSERT_EQUAL(out.result, FETCH_NOT_SENT);
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_CONNECT);
	/* The server takes the first bytes of TLS for a request and waits. */
	rq.timeout_ms = 200;
	rq.url = arena_fmt(
	    c.mem, "https://127.0.0.1:%d/buy", raw_server_port(server));
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	loop_run(loop);
	CU_ASSERT_EQUAL(out.result, FETCH_NOT_SENT);
	rq.url = "http://no-such-host.invalid/buy";
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	loop_run(loop);
	CU_ASSERT_EQUAL(out.result, FETCH_NOT_SENT);
	stop();
}

/* On a reused connection not even a refusal proves anything. */
static void
unpaid_claims_nothing(void)
{
	start();
	rq.url = arena_fmt(
	    c.mem, "http://127.0.0.1:%d/poll", raw_server_closed_port());
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	loop_run(loop);
	CU_ASSERT_EQUAL(out.result, FETCH_UNCERTAIN);
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_CONNECT);
	stop();
}

static void
paid_reaches_once(void)
{
	start();
	go("/ok"); /* leaves a connection that could be reused */
	rq.method = "POST";
	go("/drop"); /* the trap itself: it is sent again and again */
	CU_ASSERT_TRUE(raw_server_requests(server, "/drop") > 1);
	rq.method = "GET";
	go("/ok");
	rq.method = "POST";
	rq.paid = true;
	go("/reset");
	CU_ASSERT_EQUAL(out.result, FETCH_UNCERTAIN);
	CU_ASSERT_EQUAL(raw_server_requests(server, "/reset"), 1);
	stop();
}

/* Also when this process stood still between planning and sending. */
static void
too_late_is_not_sent(void)
{
	start();
	rq.paid = true;
	rq.method = "POST";
	rq.over_by = clock_mono() - 1;
	go("/ok");
	CU_ASSERT_EQUAL(out.result, FETCH_NOT_SENT);
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_TIMEOUT);
	rq.over_by = clock_mono() + CLOCK_MS;
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	while (clock_mono() < rq.over_by)
		;
	loop_run(loop);
	CU_ASSERT_EQUAL(out.result, FETCH_NOT_SENT);
	CU_ASSERT_EQUAL(raw_server_requests(server, "/ok"), 0);
	rq.over_by = clock_mono() + 200 * CLOCK_MS;
	go("/silent");
	CU_ASSERT_EQUAL(out.result, FETCH_UNCERTAIN);
	CU_ASSERT_TRUE(out.total_us < 2 * CLOCK_SECOND);
	rq.over_by = clock_mono() + CLOCK_SECOND;
	go("/ok");
	CU_ASSERT_EQUAL(out.result, FETCH_OK);
	stop();
}

/* Each after an unpaid one that has left a connection, which then dies. */
static void
purchases_are_counted(void)
{
	start();
	for (int i = 0; i < PURCHASES; i++) {
		rq.paid = false;
		rq.method = "GET";
		go("/ok");
		rq.paid = true;
		rq.method = i % 2 == 0 ? "GET" : "POST";
		go("/drop");
	}
	CU_ASSERT_EQUAL(raw_server_requests(server, "/drop"), PURCHASES);
	stop();
}

static void
aim_at(const char *site)
{
	rq.url = arena_fmt(c.mem, "%s:%d/ok", site, raw_server_port(server));
}

static void
refuse(const char *site)
{
	rq.check_address = true;
	rq.ports = (const int[]){raw_server_port(server), 0};
	aim_at(site);
	fetch_start(fetcher, c.mem, &rq, &out, on_done, loop);
	loop_run(loop);
	if (out.result == FETCH_OK || raw_server_connections(server) != 0)
		CU_FAIL(site);
}

static void
inner_addresses(void)
{
	/* Spellings that lead to the server; the control shows they do. */
	static const char *const spelt[] = {"http://127.0.0.1",
	    "http://2130706433", "http://0x7f000001", "http://0x7f.0.0.1",
	    "http://0177.0.0.1", "http://017700000001", "http://127.1",
	    "http://127.0.1", "http://127.255.255.254", "http://0",
	    "http://0.0.0.0", "http://localhost", "http://LOCALHOST",
	    "http://[::ffff:127.0.0.1]", "http://[::ffff:7f00:1]",
	    "http://%31%32%37.1"};
	static const char *const others[] = {"http://[::1]", "http://[::]",
	    "http://169.254.169.254", "http://[64:ff9b::7f00:1]",
	    "http://[::127.0.0.1]", "http://[fe80::1]", "http://user@127.0.0.1",
	    "http://x:y@127.0.0.1", "file:///etc", "gopher://127.0.0.1",
	    "ftp://127.0.0.1", "dict://127.0.0.1", "scp://127.0.0.1",
	    "//127.0.0.1", "http://127.0.0.1#@example.com", "http:///127.0.0.1",
	    "http://127.0.0.1."};

	start();
	rq.timeout_ms = 2000;
	for (size_t i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		refuse(spelt[i]);
		if (out.result != FETCH_NOT_SENT ||
		    out.fault != FETCH_FAULT_ADDRESS)
			CU_FAIL(spelt[i]);
	}
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		refuse(others[i]);
	rq.check_address = false;
	rq.ports = NULL;
	for (size_t i = 0; i < sizeof(spelt) / sizeof(spelt[0]); i++) {
		aim_at(spelt[i]);
		fetch_run(&c, &rq, &out);
		if (out.result != FETCH_OK)
			CU_FAIL(spelt[i]);
	}
	stop();
}

static void
kept_connections_are_checked_too(void)
{
	start();
	go("/ok"); /* a connection to loopback now stands in the pool */
	rq.check_address = true;
	rq.ports = (const int[]){raw_server_port(server), 0};
	go("/ok");
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_ADDRESS);
	CU_ASSERT_EQUAL(raw_server_requests(server, "/ok"), 1);
	stop();
}

static void
ports_are_limited(void)
{
	start();
	rq.ports = (const int[]){80, 443, 0};
	go("/ok");
	CU_ASSERT_EQUAL(out.fault, FETCH_FAULT_ADDRESS);
	CU_ASSERT_EQUAL(raw_server_connections(server), 0);
	stop();
}

static unsigned left;

static void
count_down(struct fetch_outcome *o, void *arg)
{
	CU_ASSERT_EQUAL(o->result, FETCH_OK);
	CU_ASSERT_STRING_EQUAL(o->body, "hello");
	if (--left == 0)
		loop_stop(arg);
}

static void
many_at_once(void)
{
	struct fetch_outcome outs[40];

	start();
	rq.url =
	    arena_fmt(c.mem, "http://127.0.0.1:%d/ok", raw_server_port(server));
	left = 40;
	for (unsigned i = 0; i < 40; i++)
		fetch_start(fetcher, c.mem, &rq, &outs[i], count_down, loop);
	CU_ASSERT_EQUAL(fetcher_active(fetcher), 40);
	loop_run(loop);
	CU_ASSERT_EQUAL(left, 0);
	stop();
}

static void
chain(struct fetch_outcome *o, void *arg)
{
	if (--left == 0)
		loop_stop(arg);
	else
		fetch_start(fetcher, c.mem, &rq, o, chain, arg);
}

static void
started_from_a_callback(void)
{
	start();
	rq.url =
	    arena_fmt(c.mem, "http://127.0.0.1:%d/ok", raw_server_port(server));
	left = 10;
	fetch_start(fetcher, c.mem, &rq, &out, chain, loop);
	loop_run(loop);
	CU_ASSERT_EQUAL(raw_server_requests(server, "/ok"), 10);
	stop();
}

static void
never(struct fetch_outcome *o, void *arg)
{
	(void)o;
	(void)arg;
	CU_FAIL("called after the close");
}

static void
tick(void *arg)
{
	loop_stop(arg);
}

static void
closed_under_way(void)
{
	const struct fetch_header bad = {"X\n", "a"};
	struct fetch_request refused = {.method = "GET",
	    .url = "http://127.0.0.1/",
	    .timeout_ms = 100,
	    .max_body = 1,
	    .headers = &bad,
	    .header_count = 1};
	struct fetch_outcome other;

	start();
	rq.url = arena_fmt(
	    c.mem, "http://127.0.0.1:%d/silent", raw_server_port(server));
	fetch_start(fetcher, c.mem, &rq, &out, never, NULL);
	loop_timer_set(loop_timer_new(loop, tick, loop), 50);
	loop_run(loop);
	CU_ASSERT_EQUAL(raw_server_requests(server, "/silent"), 1);
	fetch_start(fetcher, c.mem, &refused, &other, never, NULL);
	fetcher_close(&fetcher);
	loop_timer_set(loop_timer_new(loop, tick, loop), 20);
	loop_run(loop);
	CU_ASSERT_EQUAL_FATAL(fetcher_open(&c, loop, &fetcher), OK);
	stop();
}

SUITE("fetch", {"a whole answer is told with its headers", whole_answer},
    {"a command can wait for an answer", synchronous},
    {"the request goes out as asked and no more", request_as_asked},
    {"a header cannot start another one", headers_are_not_split},
    {"connections are kept, but never for paid requests", connection_is_kept},
    {"redirects are answers, interim answers are not", redirects_are_answers},
    {"a lost answer to a paid request is uncertain and never repeated",
	lost_answers},
    {"an answer has a ceiling", body_has_a_ceiling},
    {"a slow answer is ended by the deadline", slow_is_timed},
    {"what never left is told as not sent", not_sent},
    {"an unpaid request never claims it was not sent", unpaid_claims_nothing},
    {"a paid request reaches the server exactly once", paid_reaches_once},
    {"fifty purchases are fifty", purchases_are_counted},
    {"what is over at its time is not sent after it", too_late_is_not_sent},
    {"no spelling of an inner address is reached", inner_addresses},
    {"a kept connection is no way around the check",
	kept_connections_are_checked_too},
    {"other ports are refused", ports_are_limited},
    {"many requests run at once", many_at_once},
    {"a callback may start the next request", started_from_a_callback},
    {"a close drops what is under way", closed_under_way})
