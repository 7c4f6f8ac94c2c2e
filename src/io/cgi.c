#include "io/cgi.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <fcgiapp.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/law.h"
#include "base/text.h"
#include "io/cgi_head.h"

/* How much of a body that is too large is read to answer it properly. */
#define DRAIN_MAX ((size_t)1 << 20)
#define PEEK_MS   2

/*
 * FCGX_Accept_r() reads the next request from `ipcFd` when that is set, and
 * keeps it open when `keepConnection` is; with a listening socket of -1 it
 * can never accept by itself. libfcgi calls these members private, so that
 * their being there and being int is checked here, and what they do by
 * t/unit/io/cgi_test.
 */
#define IS_INT(member)                \
	__builtin_types_compatible_p( \
	    __typeof__(((FCGX_Request *)NULL)->member), int)
_Static_assert(IS_INT(ipcFd) && IS_INT(keepConnection) && IS_INT(detached) &&
	IS_INT(listen_sock),
    "FCGX_Request is not that of libfcgi 2.4");

struct cgi {
	FCGX_Request fcgx;
	bool wants_keep;
	enum err fault;
	const char *body;
	size_t body_size;
};

void
cgi_init(void)
{
	static const int replaced[] = {SIGPIPE, SIGUSR1, SIGTERM};
	struct sigaction old[3];

	for (int i = 0; i < 3; i++)
		law(sigaction(replaced[i], NULL, &old[i]) == 0);
	law(FCGX_Init() == 0);
	old[0] = (struct sigaction){.sa_handler = SIG_IGN};
	for (int i = 0; i < 3; i++)
		law(sigaction(replaced[i], &old[i], NULL) == 0);
}

static void
set_timeouts(int fd, int ms)
{
	struct timeval tv = {ms / 1000, ms % 1000 * 1000L};

	/* Failing leaves a single read or write without a bound; the peer is
	 * our own nginx. */
	(void)setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &tv, sizeof(tv));
	(void)setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &tv, sizeof(tv));
}

struct cgi *
cgi_open(int fd, int io_ms)
{
	struct cgi *cgi = calloc(1, sizeof(*cgi));

	if (cgi == NULL)
		abort();
	set_timeouts(fd, io_ms);
	law(FCGX_InitRequest(&cgi->fcgx, -1, FCGI_FAIL_ACCEPT_ON_INTR) == 0);
	cgi->fcgx.ipcFd = fd;
	return cgi;
}

/* Apart, so that t/tsan.supp can name it. */
static __attribute__((noinline)) void
close_socket(int fd)
{
	(void)close(fd); /* a failed close is closed */
}

void
cgi_close(struct cgi **cgi)
{
	struct cgi *it = *cgi;

	if (it == NULL)
		return;
	/* Frees what an unfinished request holds, and nothing else. */
	FCGX_Free(&it->fcgx, 0);
	if (it->fcgx.ipcFd >= 0)
		close_socket(it->fcgx.ipcFd);
	free(it);
	*cgi = NULL;
}

int
cgi_fd(const struct cgi *cgi)
{
	return cgi->fcgx.ipcFd;
}

/* Look at what has come, without consuming it; 0 when nothing has. */
static bool
peek(int fd, unsigned char *at, size_t size, size_t *got)
{
	ssize_t n;

	do {
		n = recv(fd, at, size, MSG_PEEK | MSG_DONTWAIT);
	} while (n < 0 && errno == EINTR);
	*got = n > 0 ? (size_t)n : 0;
	return n > 0 || (n < 0 && errno == EAGAIN);
}

/* Sleep a little; true when the peer will send no more. */
static bool
has_hung_up(int fd)
{
	struct pollfd p = {.fd = fd, .events = POLLRDHUP};

	return poll(&p, 1, PEEK_MS) > 0;
}

/* Wait until the head is there, whole and sane, without consuming it. */
static bool
head_arrives(int fd, size_t max_params, int64_t deadline, struct arena *mem)
{
	unsigned char first[8192]; /* enough for all but the largest */
	unsigned char *at = first;
	size_t size = sizeof(first);
	enum cgi_head_state state;
	bool ended = false;
	size_t n;

	for (;;) {
		if (!peek(fd, at, size, &n))
			return false;
		state = cgi_head_scan(at, n, max_params);
		if (state != CGI_HEAD_MORE)
			return state == CGI_HEAD_WHOLE;
		if (n == size && at == first) {
			size = max_params + CGI_HEAD_SLACK;
			at = arena_alloc(mem, 1, size);
			continue;
		}
		/* No head is that large, or what is missing will not come. */
		if (n == size || ended || clock_mono() >= deadline)
			return false;
		/* A part of a head: only a broken peer gets here. The socket
		 * stays readable, so there is nothing to wait on but time. */
		ended = has_hung_up(fd);
	}
}

/* CONTENT_LENGTH as a number; absent or empty is 0, nonsense SIZE_MAX. */
static size_t
content_length(const struct cgi *cgi)
{
	const char *text = FCGX_GetParam("CONTENT_LENGTH", cgi->fcgx.envp);
	int64_t n;

	if (text_is_empty(text))
		return 0;
	if (!text_to_i64(text, 0, INT64_MAX / 2, &n))
		return SIZE_MAX;
	return (size_t)n;
}

/* At most `n` bytes, and not more than one read from the socket. */
static size_t
read_some(struct cgi *cgi, char *at, size_t n)
{
	FCGX_Stream *in = cgi->fcgx.in;
	size_t ready = (size_t)(in->stop - in->rdNext);
	size_t want = ready == 0 ? 1 : ready;
	int got;

	if (want > n)
		want = n;
	got = FCGX_GetStr(at, (int)want, in);
	return got > 0 ? (size_t)got : 0;
}

static size_t
drop_some(struct cgi *cgi)
{
	char rest[4096];

	return read_some(cgi, rest, sizeof(rest));
}

/* Read the body to its end; what is above `max` is counted and dropped. */
static bool
body_arrives(struct cgi *cgi, size_t max, int64_t deadline, struct arena *mem)
{
	size_t told = content_length(cgi);
	size_t cap = told > max ? 0 : told;
	char *body = arena_alloc(mem, cap + 1, 1);
	size_t total = 0;
	size_t n;

	do {
		n = total < cap ? read_some(cgi, body + total, cap - total) :
				  drop_some(cgi);
		total += n;
		if (clock_mono() > deadline || total > max + DRAIN_MAX)
			return false;
	} while (n > 0);
	if (FCGX_GetError(cgi->fcgx.in) != 0)
		return false;
	body[cap] = '\0';
	cgi->body = body;
	cgi->body_size = cap;
	if (total > max || (told > max && told != SIZE_MAX))
		cgi->fault = ERR_TOO_LARGE;
	else if (total != told)
		cgi->fault = ERR_BAD_REQUEST;
	return true;
}

bool
cgi_read(struct cgi *cgi, const struct cgi_limits *limits, struct arena *mem)
{
	int64_t deadline = clock_mono() + limits->read_ms * CLOCK_MS;

	if (!head_arrives(cgi->fcgx.ipcFd, limits->max_params, deadline, mem))
		return false;
	cgi->fault = OK;
	cgi->fcgx.keepConnection = 1; /* else accepting closes the socket */
	cgi->fcgx.detached = 1;       /* else closing waits up to 2 s */
	if (FCGX_Accept_r(&cgi->fcgx) != 0)
		return false;
	cgi->wants_keep = cgi->fcgx.keepConnection != 0;
	cgi->fcgx.keepConnection = 1;
	return body_arrives(cgi, limits->max_body, deadline, mem);
}

enum err
cgi_fault(const struct cgi *cgi)
{
	return cgi->fault;
}

const char *const *
cgi_params(const struct cgi *cgi)
{
	return (const char *const *)cgi->fcgx.envp;
}

const char *
cgi_body(const struct cgi *cgi, size_t *size)
{
	*size = cgi->body_size;
	return cgi->body;
}

void
cgi_write(struct cgi *cgi, const void *bytes, size_t n)
{
	const char *at = bytes;

	/* A failure is kept by the stream and closes the connection in
	 * cgi_finish(): there is nobody left to tell. */
	while (n > 0) {
		int step = n > 1 << 20 ? 1 << 20 : (int)n;

		if (FCGX_PutStr(at, step, cgi->fcgx.out) < 0)
			return;
		at += step;
		n -= (size_t)step;
	}
}

bool
cgi_has_failed(const struct cgi *cgi)
{
	return FCGX_GetError(cgi->fcgx.out) != 0;
}

void
cgi_abort(struct cgi *cgi)
{
	/* The end of the request cannot be written then, which closes it. */
	(void)shutdown(cgi->fcgx.ipcFd, SHUT_RDWR);
}

bool
cgi_finish(struct cgi *cgi, bool keep)
{
	FCGX_Finish_r(&cgi->fcgx);
	cgi->body = NULL;
	cgi->body_size = 0;
	return cgi->fcgx.ipcFd >= 0 && keep && cgi->wants_keep;
}
