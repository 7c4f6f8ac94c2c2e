/*
 * fcgi_load - many kept FastCGI connections at once.
 *	fcgi_load SOCKET PATH CONNECTIONS SECONDS
 * Each connection asks again as soon as it is answered, for SECONDS; 0 means
 * once. Prints one line:
 *	requests=N failed=F least=L p50_us=.. p99_us=.. most_us=..
 * `least` is the number of answers of the connection that got fewest.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#define MAX_CONNS   4096
#define MAX_SAMPLES 4000000
#define GRACE_US    30000000 /* for the last answers */

struct conn {
	int fd;
	int64_t sent_at;
	unsigned char head[8];
	size_t have; /* of head */
	size_t skip; /* content and padding still to come */
	long answers;
	int ok; /* "Status: 200" was seen in this answer */
};

static struct conn conns[MAX_CONNS];
static uint32_t samples[MAX_SAMPLES];
static size_t sample_count;
static const char *path; /* that is asked for */
static unsigned char request[1024];
static size_t request_size;
static long failed;

static int64_t
now_us(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000000LL + t.tv_nsec / 1000;
}

static size_t
record(unsigned char *out, int type, size_t n)
{
	unsigned char head[8] = {1, (unsigned char)type, 0, 1,
	    (unsigned char)(n >> 8), (unsigned char)n, 0, 0};

	memcpy(out, head, 8);
	return 8;
}

/* Each connection is another client, with limits of its own. */
static void
build_request(const struct conn *c)
{
	char address[24];
	const char *pairs[] = {"REQUEST_METHOD", "GET", "DOCUMENT_URI", path,
	    "QUERY_STRING", "", "REMOTE_ADDR", address};
	unsigned char params[512];
	unsigned char begin[8] = {0, 1, 1};
	size_t n = 0;
	unsigned at = (unsigned)(c - conns) & 0xffff;

	(void)snprintf(
	    address, sizeof(address), "198.18.%u.%u", at / 256, at % 256);
	for (size_t i = 0; i < 8; i += 2) {
		params[n++] = (unsigned char)strlen(pairs[i]);
		params[n++] = (unsigned char)strlen(pairs[i + 1]);
		for (size_t k = i; k < i + 2; k++) {
			memcpy(params + n, pairs[k], strlen(pairs[k]));
			n += strlen(pairs[k]);
		}
	}
	request_size = record(request, 1, 8);
	memcpy(request + request_size, begin, 8);
	request_size += 8;
	request_size += record(request + request_size, 4, n);
	memcpy(request + request_size, params, n);
	request_size += n;
	request_size += record(request + request_size, 4, 0);
	request_size += record(request + request_size, 5, 0);
}

static int
ask(struct conn *c)
{
	c->sent_at = now_us();
	c->have = c->skip = 0;
	c->ok = 0;
	build_request(c);
	return send(c->fd, request, request_size, MSG_NOSIGNAL) ==
	    (ssize_t)request_size;
}

/* Feed what came; 1 when END_REQUEST is among it. */
static int
feed(struct conn *c, const unsigned char *p, size_t n)
{
	int ended = 0;

	if (memmem(p, n, "Status: 200", 11) != NULL)
		c->ok = 1;
	while (n > 0) {
		if (c->skip > 0) {
			size_t step = n < c->skip ? n : c->skip;

			c->skip -= step;
			p += step;
			n -= step;
			continue;
		}
		c->head[c->have++] = *p++;
		n--;
		if (c->have == 8) {
			c->have = 0;
			c->skip = (size_t)c->head[4] << 8 | c->head[5];
			c->skip += c->head[6];
			ended |= c->head[1] == 3;
		}
	}
	return ended && c->skip == 0;
}

static void
note(struct conn *c)
{
	if (sample_count < MAX_SAMPLES)
		samples[sample_count++] = (uint32_t)(now_us() - c->sent_at);
	c->answers++;
	failed += !c->ok;
}

static int
open_all(const char *socket_path, int n, int ep)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", socket_path);
	for (int i = 0; i < n; i++) {
		struct epoll_event ev = {.events = EPOLLIN, .data.u32 = 0};

		ev.data.u32 = (uint32_t)i;
		conns[i].fd = socket(AF_UNIX, SOCK_STREAM, 0);
		if (connect(conns[i].fd, (struct sockaddr *)&at, sizeof(at)) !=
			0 ||
		    epoll_ctl(ep, EPOLL_CTL_ADD, conns[i].fd, &ev) != 0 ||
		    !ask(&conns[i]))
			return 0;
	}
	return 1;
}

static int
by_size(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a;
	uint32_t y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* One event; how many connections it has ended. */
static int
on_event(struct conn *c, int64_t until)
{
	unsigned char bytes[65536];
	ssize_t n = recv(c->fd, bytes, sizeof(bytes), 0);

	if (n > 0 && !feed(c, bytes, (size_t)n))
		return 0;
	if (n > 0)
		note(c);
	else
		failed++;
	if (n > 0 && now_us() < until && ask(c))
		return 0;
	(void)close(c->fd);
	return 1;
}

static void
report(int n)
{
	long least = conns[0].answers;

	for (int i = 1; i < n; i++)
		if (conns[i].answers < least)
			least = conns[i].answers;
	qsort(samples, sample_count, sizeof(samples[0]), by_size);
	if (sample_count == 0)
		sample_count = 1;
	printf("requests=%zu failed=%ld least=%ld p50_us=%u p99_us=%u "
	       "most_us=%u\n",
	    sample_count, failed, least, samples[sample_count / 2],
	    samples[sample_count * 99 / 100], samples[sample_count - 1]);
}

int
main(int argc, char **argv)
{
	struct epoll_event evs[64];
	int64_t until;
	int ep = epoll_create1(0);
	int n;
	int left;

	if (argc != 5)
		return 64;
	n = left = (int)strtol(argv[3], NULL, 10);
	if (n < 1 || n > MAX_CONNS)
		return 64;
	path = argv[2];
	until = now_us() + strtol(argv[4], NULL, 10) * 1000000L;
	if (!open_all(argv[1], n, ep))
		return 1;
	while (left > 0 && now_us() < until + GRACE_US) {
		int got = epoll_wait(ep, evs, 64, 1000);

		for (int i = 0; i < got; i++)
			left -= on_event(&conns[evs[i].data.u32], until);
	}
	failed += left;
	report(n);
	return 0;
}
