/* What the front relies on in libfcgi, whose members it sets by hand. */
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "harness/fcgi_client.h"
#include "harness/suite.h"
#include "io/cgi.h"

static const struct cgi_limits limits = {
    .max_params = 20000, .max_body = 1000, .read_ms = 200};
static const char *const GET[] = {"REQUEST_METHOD", "GET", NULL};
static struct fcgi_answer answer;
static struct arena *mem;
static struct cgi *cgi;
static int peer;

static void
join(void)
{
	int pair[2];
	struct timeval limit = {2, 0};

	if (mem == NULL) {
		cgi_init();
		mem = arena_new("test", 1 << 20);
	}
	arena_reset(mem);
	CU_ASSERT_FATAL(socketpair(AF_UNIX, SOCK_STREAM, 0, pair) == 0);
	peer = pair[0];
	(void)setsockopt(peer, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	cgi = cgi_open(pair[1], limits.read_ms);
}

static void
part(void)
{
	cgi_close(&cgi);
	CU_ASSERT_PTR_NULL(cgi);
	(void)close(peer);
}

static void
reply(const char *text)
{
	cgi_write(cgi, text, strlen(text));
}

static void
one_connection_serves_many(void)
{
	join();
	for (int i = 0; i < 3; i++) {
		CU_ASSERT_FATAL(fcgi_send(peer, true, GET, NULL, 0));
		CU_ASSERT_FATAL(cgi_read(cgi, &limits, mem));
		CU_ASSERT_EQUAL(cgi_fault(cgi), OK);
		reply("Status: 201 Created\r\n\r\nhello");
		CU_ASSERT(cgi_finish(cgi, true));
		fcgi_receive(peer, &answer);
		CU_ASSERT(answer.ended);
		CU_ASSERT_EQUAL(answer.status, 201);
		CU_ASSERT_STRING_EQUAL(answer.body, "hello");
	}
	part();
}

static void
closes_when_either_side_wants(void)
{
	join();
	CU_ASSERT_FATAL(fcgi_send(peer, true, GET, NULL, 0));
	CU_ASSERT_FATAL(cgi_read(cgi, &limits, mem));
	CU_ASSERT_FALSE(cgi_finish(cgi, false));
	part();
	join();
	CU_ASSERT_FATAL(fcgi_send(peer, false, GET, NULL, 0));
	CU_ASSERT_FATAL(cgi_read(cgi, &limits, mem));
	CU_ASSERT_FALSE(cgi_finish(cgi, true));
	CU_ASSERT(cgi_fd(cgi) >= 0); /* open until cgi_close */
	part();
}

static enum err
fault_of(const char *told, const char *body, size_t size)
{
	const char *const params[] = {"CONTENT_LENGTH", told, NULL};

	join();
	CU_ASSERT_FATAL(fcgi_send(peer, true, params, body, size));
	CU_ASSERT_FATAL(cgi_read(cgi, &limits, mem));
	return cgi_fault(cgi);
}

static void
body_is_as_long_as_told(void)
{
	static char large[5000];
	size_t size;

	CU_ASSERT_EQUAL(fault_of("4", "abcd", 4), OK);
	CU_ASSERT_STRING_EQUAL(cgi_body(cgi, &size), "abcd");
	CU_ASSERT_EQUAL(size, 4);
	part();
	CU_ASSERT_EQUAL(fault_of("100", "abc", 3), ERR_BAD_REQUEST);
	part();
	CU_ASSERT_EQUAL(fault_of("1", "abcdef", 6), ERR_BAD_REQUEST);
	part();
	CU_ASSERT_EQUAL(fault_of("", "abcdef", 6), ERR_BAD_REQUEST);
	part();
	CU_ASSERT_EQUAL(fault_of("-1", "abcdef", 6), ERR_BAD_REQUEST);
	part();
	CU_ASSERT_EQUAL(fault_of("5000", large, 5000), ERR_TOO_LARGE);
	part();
	CU_ASSERT_EQUAL(fault_of("10", large, 5000), ERR_TOO_LARGE);
	part();
}

/* The connection can go on after a body that was refused. */
static void
refused_body_is_read_to_its_end(void)
{
	static char large[5000];

	CU_ASSERT_EQUAL(fault_of("5000", large, 5000), ERR_TOO_LARGE);
	reply("Status: 413 Content Too Large\r\n\r\n");
	CU_ASSERT(cgi_finish(cgi, true));
	fcgi_receive(peer, &answer);
	CU_ASSERT_EQUAL(answer.status, 413);
	CU_ASSERT_FATAL(fcgi_send(peer, true, GET, NULL, 0));
	CU_ASSERT(cgi_read(cgi, &limits, mem));
	part();
}

static void
stalled_peer_is_dropped(void)
{
	const char *const params[] = {"CONTENT_LENGTH", "100", NULL};
	unsigned char head[64];
	int64_t before;

	join(); /* inside the head */
	CU_ASSERT_FATAL(write(peer, head, fcgi_begin(head, true)) > 0);
	before = clock_mono();
	CU_ASSERT_FALSE(cgi_read(cgi, &limits, mem));
	CU_ASSERT(clock_mono() - before < CLOCK_SECOND);
	part();
	join(); /* inside the body: the end of STDIN never comes */
	CU_ASSERT_FATAL(fcgi_send(peer, true, params, "abc", 3));
	part();
	join();
	CU_ASSERT_FATAL(write(peer, head, fcgi_begin(head, true)) > 0);
	CU_ASSERT_FATAL(write(peer, head, fcgi_record(head, 4, NULL, 0)) > 0);
	CU_ASSERT_FATAL(write(peer, head, fcgi_record(head, 5, "abc", 3)) > 0);
	before = clock_mono();
	CU_ASSERT_FALSE(cgi_read(cgi, &limits, mem));
	CU_ASSERT(clock_mono() - before < CLOCK_SECOND);
	part();
}

static void
large_head_is_read(void)
{
	static char value[16000];
	const char *const params[] = {"HTTP_X_LARGE", value, "B", "2", NULL};

	memset(value, 'v', sizeof(value) - 1);
	join();
	CU_ASSERT_FATAL(fcgi_send(peer, true, params, NULL, 0));
	CU_ASSERT_FATAL(cgi_read(cgi, &limits, mem));
	CU_ASSERT_STRING_EQUAL(cgi_params(cgi)[2], "B=2");
	part();
}

static void
nonsense_is_dropped(void)
{
	join();
	CU_ASSERT_FATAL(write(peer, "GET / HTTP/1.1\r\n\r\n", 18) == 18);
	CU_ASSERT_FALSE(cgi_read(cgi, &limits, mem));
	part();
	join();
	(void)shutdown(peer, SHUT_RDWR);
	CU_ASSERT_FALSE(cgi_read(cgi, &limits, mem));
	part();
}

static void
mark(int signal)
{
	(void)signal;
}

static void
signals_stay_ours(void)
{
	struct sigaction mine = {.sa_handler = mark};
	struct sigaction now;

	(void)sigaction(SIGTERM, &mine, NULL);
	cgi_init();
	(void)sigaction(SIGTERM, NULL, &now);
	CU_ASSERT(now.sa_handler == mark);
	(void)sigaction(SIGPIPE, NULL, &now);
	CU_ASSERT(now.sa_handler == SIG_IGN);
}

SUITE("cgi",
    {"one connection serves many requests", one_connection_serves_many},
    {"a connection closes when either side wants it",
	closes_when_either_side_wants},
    {"a body is as long as it was told to be", body_is_as_long_as_told},
    {"a refused body is read to its end", refused_body_is_read_to_its_end},
    {"a peer that stalls is dropped at the deadline", stalled_peer_is_dropped},
    {"a head above the first look is read", large_head_is_read},
    {"what is not FastCGI is dropped", nonsense_is_dropped},
    {"libfcgi does not keep our signals", signals_stay_ours})
