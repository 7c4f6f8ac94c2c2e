#include <fcntl.h>
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
#include "harness/fcgi_client.h"
#include "harness/logbook.h"
#include "harness/suite.h"
#include "io/front.h"

#define CONNS 32
#define HELD  200

static char path[64];
static struct ctx c;
static struct front *front;
static struct fcgi_answer answer;
static int listen_fd;
static _Atomic uint64_t tickets[HELD];
static atomic_int holds, gone, alarms;

static void
reply(struct front_rq *rq, const char *body)
{
	cgi_write(front_cgi(rq), "\r\n\r\n", 4);
	cgi_write(front_cgi(rq), body, strlen(body));
	front_finish(front, rq);
}

static bool
asks_for(struct front_rq *rq, const char *where)
{
	const char *const *params = cgi_params(front_cgi(rq));

	for (; *params != NULL; params++)
		if (strcmp(*params, where) == 0)
			return true;
	return false;
}

static void
hold(struct front_rq *rq)
{
	int n = holds++;

	*front_slot(rq) = front_mem(rq);
	tickets[n] = front_hold(front, rq);
}

/* The only thread is here: nobody can run what is resumed in between. */
static void
resume_twice(struct front_rq *rq)
{
	bool first = front_resume(front, tickets[0]);
	bool second = front_resume(front, tickets[0]);

	reply(rq, first && !second ? "once" : "?");
}

/* "/hold" waits, "/twice" resumes it, everything else answers at once. */
static void
handle(void *arg, struct front_rq *rq, enum front_why why)
{
	(void)arg;
	if (why == FRONT_GONE) {
		gone++;
		front_finish(front, rq);
	} else if (why == FRONT_RESUMED) {
		reply(rq, *front_slot(rq) == front_mem(rq) ? "resumed" : "?");
	} else if (asks_for(rq, "DOCUMENT_URI=/hold")) {
		hold(rq);
	} else if (asks_for(rq, "DOCUMENT_URI=/twice")) {
		resume_twice(rq);
	} else {
		reply(rq, *front_slot(rq) == NULL ? "now" : "?");
	}
}

static void
on_alarm(void *arg)
{
	(void)arg;
	alarms++;
}

static void
open_front(int threads, int max_conns)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct front_setup setup = {.limits = {20000, 1000, 500},
	    .threads = threads,
	    .max_conns = max_conns,
	    .max_memory = 1 << 20,
	    .handle = handle,
	    .alarm = on_alarm};

	cgi_init();
	c.mem = arena_new("test", 1 << 20);
	holds = gone = alarms = 0;
	for (int i = 0; i < HELD; i++)
		tickets[i] = 0;
	(void)snprintf(path, sizeof(path), "/tmp/front-test.%d", getpid());
	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	(void)unlink(path);
	listen_fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	CU_ASSERT_FATAL(
	    bind(listen_fd, (struct sockaddr *)&at, sizeof(at)) == 0);
	CU_ASSERT_FATAL(listen(listen_fd, 1024) == 0);
	setup.listen_fd = listen_fd;
	CU_ASSERT_FATAL(front_open(&c, &setup, &front) == OK);
	CU_ASSERT_FATAL(front_start(&c, front) == OK);
}

static void
close_front(void)
{
	front_close(&front);
	CU_ASSERT_PTR_NULL(front);
	(void)close(listen_fd);
	(void)unlink(path);
	arena_free(&c.mem);
}

/* Until the condition holds, at most 5 s. */
#define AWAIT(cond)                                               \
	do {                                                      \
		int64_t until_ = clock_mono() + 5 * CLOCK_SECOND; \
		while (!(cond) && clock_mono() < until_)          \
			(void)poll(NULL, 0, 1);                   \
		CU_ASSERT(cond);                                  \
	} while (0)

static void
silent_connections_hold_no_thread(void)
{
	int fds[CONNS];

	open_front(2, CONNS);
	for (int i = 0; i < CONNS; i++)
		CU_ASSERT_FATAL((fds[i] = fcgi_connect(path)) >= 0);
	for (int round = 0; round < 20; round++)
		for (int i = 0; i < CONNS; i++) {
			CU_ASSERT(fcgi_call(fds[i], "GET", "/", NULL, &answer));
			CU_ASSERT_STRING_EQUAL(answer.body, "now");
		}
	CU_ASSERT_EQUAL(front_conns(front), CONNS);
	for (int i = 0; i < CONNS; i++)
		(void)close(fds[i]);
	AWAIT(front_conns(front) == 0);
	close_front();
}

static void
send_get(int fd, const char *where)
{
	const char *const params[] = {
	    "REQUEST_METHOD", "GET", "DOCUMENT_URI", where, NULL};

	CU_ASSERT_FATAL(fcgi_send(fd, true, params, NULL, 0));
}

static void
held_requests_hold_no_thread(void)
{
	int fds[HELD];
	int other;

	open_front(2, HELD + 1);
	for (int i = 0; i < HELD; i++) {
		CU_ASSERT_FATAL((fds[i] = fcgi_connect(path)) >= 0);
		send_get(fds[i], "/hold");
	}
	AWAIT(holds == HELD);
	other = fcgi_connect(path);
	CU_ASSERT(fcgi_call(other, "GET", "/", NULL, &answer));
	CU_ASSERT_STRING_EQUAL(answer.body, "now");
	for (int i = 0; i < HELD; i++) {
		AWAIT(tickets[i] != 0);
		CU_ASSERT(front_resume(front, tickets[i]));
		CU_ASSERT_FALSE(front_resume(front, tickets[i]));
	}
	for (int i = 0; i < HELD; i++) {
		fcgi_receive(fds[i], &answer);
		CU_ASSERT_STRING_EQUAL(answer.body, "resumed");
		CU_ASSERT(fcgi_call(fds[i], "GET", "/", NULL, &answer));
		CU_ASSERT_STRING_EQUAL(answer.body, "now");
		(void)close(fds[i]);
	}
	(void)close(other);
	close_front();
}

static void
ticket_is_good_once(void)
{
	int held;
	int other;

	open_front(1, 4);
	held = fcgi_connect(path);
	send_get(held, "/hold");
	AWAIT(tickets[0] != 0);
	other = fcgi_connect(path);
	CU_ASSERT(fcgi_call(other, "GET", "/twice", NULL, &answer));
	CU_ASSERT_STRING_EQUAL(answer.body, "once");
	fcgi_receive(held, &answer);
	CU_ASSERT_STRING_EQUAL(answer.body, "resumed");
	(void)close(held);
	(void)close(other);
	close_front();
}

static void
hang_up_ends_the_wait(void)
{
	int fd;

	open_front(1, 4);
	fd = fcgi_connect(path);
	send_get(fd, "/hold");
	AWAIT(tickets[0] != 0);
	(void)close(fd);
	AWAIT(gone == 1);
	CU_ASSERT_FALSE(front_resume(front, tickets[0]));
	AWAIT(front_conns(front) == 0);
	close_front();
}

static void
drained_front_lets_its_connections_go(void)
{
	int kept;
	int late;

	open_front(2, 8);
	kept = fcgi_connect(path);
	CU_ASSERT(fcgi_call(kept, "GET", "/", NULL, &answer));
	front_drain(front);
	late = fcgi_connect(path); /* stays in the queue for a successor */
	CU_ASSERT(fcgi_call(kept, "GET", "/", NULL, &answer));
	CU_ASSERT_STRING_EQUAL(answer.body, "now");
	AWAIT(front_conns(front) == 0);
	fcgi_receive(kept, &answer);
	CU_ASSERT(answer.closed);
	(void)close(kept);
	(void)close(late);
	close_front();
}

static void
idle_connections_can_be_dropped(void)
{
	int idle;
	int held;

	open_front(1, 8);
	idle = fcgi_connect(path);
	held = fcgi_connect(path);
	CU_ASSERT(fcgi_call(idle, "GET", "/", NULL, &answer));
	send_get(held, "/hold");
	AWAIT(tickets[0] != 0);
	front_drain(front);
	front_drop_idle(front);
	AWAIT(front_conns(front) == 1);
	CU_ASSERT(front_resume(front, tickets[0]));
	fcgi_receive(held, &answer);
	CU_ASSERT_STRING_EQUAL(answer.body, "resumed");
	AWAIT(front_conns(front) == 0);
	(void)close(idle);
	(void)close(held);
	close_front();
}

static void
too_many_connections_are_refused(void)
{
	int one;
	int two;

	logbook_expect("front.full");
	open_front(1, 1);
	one = fcgi_connect(path);
	CU_ASSERT(fcgi_call(one, "GET", "/", NULL, &answer));
	two = fcgi_connect(path);
	fcgi_receive(two, &answer);
	CU_ASSERT(answer.closed);
	(void)close(one);
	AWAIT(front_conns(front) == 0);
	(void)close(two);
	close_front();
}

static void
alarm_rings_once_at_its_time(void)
{
	open_front(2, 1);
	front_alarm(front, clock_mono() + 20 * CLOCK_MS);
	CU_ASSERT_EQUAL(alarms, 0);
	AWAIT(alarms == 1);
	front_alarm(front, clock_mono() - CLOCK_SECOND); /* past: now */
	AWAIT(alarms == 2);
	front_alarm(front, clock_mono() + 20 * CLOCK_MS);
	front_alarm(front, 0);
	(void)poll(NULL, 0, 40); /* long enough for it to have rung */
	CU_ASSERT_EQUAL(alarms, 2);
	close_front();
}

/* A request that is held when everything stops is freed, not answered. */
static void
closing_frees_what_is_held(void)
{
	int fd;

	open_front(1, 2);
	fd = fcgi_connect(path);
	send_get(fd, "/hold");
	AWAIT(tickets[0] != 0);
	close_front();
	fcgi_receive(fd, &answer);
	CU_ASSERT(answer.closed);
	(void)close(fd);
}

SUITE("front",
    {"a silent connection holds no thread", silent_connections_hold_no_thread},
    {"a held request holds no thread", held_requests_hold_no_thread},
    {"a ticket is good once", ticket_is_good_once},
    {"a hang-up ends the wait, once", hang_up_ends_the_wait},
    {"a drained front answers, then lets its connections go",
	drained_front_lets_its_connections_go},
    {"idle connections can be dropped, others not",
	idle_connections_can_be_dropped},
    {"connections above the limit are refused",
	too_many_connections_are_refused},
    {"the alarm rings once, at its time", alarm_rings_once_at_its_time},
    {"closing frees what is held", closing_frees_what_is_held})
