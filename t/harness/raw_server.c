#include "harness/raw_server.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/law.h"

#define CLIENTS_MAX  64
#define REQUESTS_MAX 256
#define REQUEST_SIZE 8192
#define HEAD         "HTTP/1.1 200 OK\r\nContent-Length: "

struct client {
	struct raw_server *server;
	pthread_t thread;
	int fd;
};

struct raw_server {
	pthread_mutex_t lock;
	pthread_t thread;
	int fd, port;
	int stop[2]; /* a pipe: closed to end all threads */
	struct client clients[CLIENTS_MAX];
	unsigned client_count, request_count;
	char paths[REQUESTS_MAX][32];
};

/* Wait until `fd` can be read; false when the server is being closed. */
static bool
wait_readable(const struct raw_server *s, int fd, int ms)
{
	struct pollfd p[2] = {
	    {.fd = fd, .events = POLLIN}, {.fd = s->stop[0], .events = POLLIN}};

	(void)poll(p, 2, ms);
	return p[1].revents == 0;
}

static void
say(int fd, const char *text)
{
	(void)send(fd, text, strlen(text), MSG_NOSIGNAL);
}

static void
answer(int fd, const char *body)
{
	char head[64];

	(void)snprintf(head, sizeof(head), HEAD "%zu\r\n\r\n", strlen(body));
	say(fd, head);
	say(fd, body);
}

static void
reset(int fd)
{
	const struct linger hard = {.l_onoff = 1};

	(void)setsockopt(fd, SOL_SOCKET, SO_LINGER, &hard, sizeof(hard));
}

static void
send_big(int fd)
{
	static char kib[1025];

	memset(kib, 'x', 1024);
	say(fd, HEAD "1048576\r\n\r\n");
	for (int i = 0; i < 1024; i++)
		say(fd, kib);
}

/* Until the other side hangs up or the server is closed. */
static void
repeat(const struct client *c, const char *text, int every_ms)
{
	while (wait_readable(c->server, c->fd, every_ms) &&
	    send(c->fd, text, strlen(text), MSG_NOSIGNAL) > 0)
		continue;
}

/* One request; false when the connection is done with. */
static bool
serve(const struct client *c, const char *path, const char *request)
{
	int fd = c->fd;
	bool stays = true;

	if (strcmp(path, "/ok") == 0)
		answer(fd, "hello");
	else if (strcmp(path, "/echo") == 0)
		answer(fd, request);
	else if (strcmp(path, "/hints") == 0) {
		say(fd, "HTTP/1.1 103 Early Hints\r\nX-Early: yes\r\n\r\n");
		answer(fd, "hello");
	} else if (strcmp(path, "/moved") == 0)
		say(fd,
		    "HTTP/1.1 302 Found\r\nLocation: /ok\r\n"
		    "Content-Length: 0\r\n\r\n");
	else if (strcmp(path, "/big") == 0)
		send_big(fd);
	else
		stays = false;
	if (strcmp(path, "/cut") == 0)
		say(fd, HEAD "10\r\n\r\nhello");
	else if (strcmp(path, "/garbage") == 0)
		say(fd, "220 welcome to something else\r\n\r\n");
	else if (strcmp(path, "/half") == 0)
		say(fd, "HTTP/1.1 200 OK\r\nContent-Le");
	else if (strcmp(path, "/silent") == 0)
		repeat(c, "", -1);
	else if (strcmp(path, "/drip") == 0) {
		say(fd, HEAD "100000\r\n\r\n");
		repeat(c, "x", 20);
	} else if (strcmp(path, "/flood") == 0) {
		say(fd, "HTTP/1.1 200 OK\r\n");
		repeat(c, "X-Flood: flood\r\n", 0);
	}
	if (strcmp(path, "/reset") == 0)
		reset(fd);
	return stays;
}

static void
note(struct raw_server *s, const char *path)
{
	law(pthread_mutex_lock(&s->lock) == 0);
	law(s->request_count < REQUESTS_MAX);
	(void)snprintf(s->paths[s->request_count++], 32, "%.31s", path);
	law(pthread_mutex_unlock(&s->lock) == 0);
}

/* Read up to the end of head and body; the tests send small ones at once. */
static bool
read_request(const struct client *c, char *request)
{
	size_t n = 0;
	ssize_t got;
	const char *end;
	const char *length;
	size_t body = 0;

	do {
		if (!wait_readable(c->server, c->fd, -1))
			return false;
		got = recv(c->fd, request + n, REQUEST_SIZE - 1 - n, 0);
		if (got <= 0)
			return false;
		n += (size_t)got;
		request[n] = '\0';
		end = strstr(request, "\r\n\r\n");
		length = strstr(request, "Content-Length: ");
		if (length != NULL)
			body = strtoul(length + 16, NULL, 10);
	} while (end == NULL || n < (size_t)(end + 4 - request) + body);
	return true;
}

static void *
client_run(void *arg)
{
	struct client *c = arg;
	char request[REQUEST_SIZE];
	char path[32];

	while (read_request(c, request) &&
	    sscanf(request, "%*15s %31s", path) == 1) {
		note(c->server, path);
		if (!serve(c, path, request))
			break;
	}
	(void)close(c->fd);
	return NULL;
}

static void *
server_run(void *arg)
{
	struct raw_server *s = arg;

	while (wait_readable(s, s->fd, -1)) {
		struct client *c = &s->clients[s->client_count];
		int fd = accept4(s->fd, NULL, NULL, SOCK_CLOEXEC);

		if (fd < 0)
			continue;
		law(s->client_count < CLIENTS_MAX);
		c->server = s;
		c->fd = fd;
		law(pthread_create(&c->thread, NULL, client_run, c) == 0);
		law(pthread_mutex_lock(&s->lock) == 0);
		s->client_count++;
		law(pthread_mutex_unlock(&s->lock) == 0);
	}
	return NULL;
}

struct raw_server *
raw_server_open(void)
{
	struct raw_server *s = calloc(1, sizeof(*s));
	struct sockaddr_in6 at = {.sin6_family = AF_INET6};
	socklen_t n = sizeof(at);
	int off = 0;

	law(s != NULL && pthread_mutex_init(&s->lock, NULL) == 0);
	s->fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
	law(s->fd >= 0);
	law(setsockopt(s->fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof(off)) ==
	    0);
	law(bind(s->fd, (const struct sockaddr *)&at, sizeof(at)) == 0);
	law(listen(s->fd, 64) == 0);
	law(getsockname(s->fd, (struct sockaddr *)&at, &n) == 0);
	s->port = ntohs(at.sin6_port);
	law(pipe(s->stop) == 0);
	law(pthread_create(&s->thread, NULL, server_run, s) == 0);
	return s;
}

void
raw_server_close(struct raw_server **server)
{
	struct raw_server *s = *server;

	(void)close(s->stop[1]);
	(void)pthread_join(s->thread, NULL);
	for (unsigned i = 0; i < s->client_count; i++)
		(void)pthread_join(s->clients[i].thread, NULL);
	(void)close(s->stop[0]);
	(void)close(s->fd);
	(void)pthread_mutex_destroy(&s->lock);
	free(s);
	*server = NULL;
}

int
raw_server_port(const struct raw_server *s)
{
	return s->port;
}

unsigned
raw_server_connections(struct raw_server *s)
{
	unsigned n;

	law(pthread_mutex_lock(&s->lock) == 0);
	n = s->client_count;
	law(pthread_mutex_unlock(&s->lock) == 0);
	return n;
}

unsigned
raw_server_requests(struct raw_server *s, const char *path)
{
	unsigned n = 0;

	law(pthread_mutex_lock(&s->lock) == 0);
	for (unsigned i = 0; i < s->request_count; i++)
		n += strcmp(s->paths[i], path) == 0;
	law(pthread_mutex_unlock(&s->lock) == 0);
	return n;
}

int
raw_server_closed_port(void)
{
	struct sockaddr_in at = {
	    .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

	law(fd >= 0 && bind(fd, (const struct sockaddr *)&at, n) == 0);
	law(getsockname(fd, (struct sockaddr *)&at, &n) == 0);
	(void)close(fd);
	return ntohs(at.sin_port);
}
