#include "harness/fcgi_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define TYPE_BEGIN  1
#define TYPE_END    3
#define TYPE_PARAMS 4
#define TYPE_STDIN  5
#define TYPE_STDOUT 6
#define LIMIT_S     10

int
fcgi_connect(const char *path)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	struct timeval limit = {LIMIT_S, 0};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", path);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&at, sizeof(at)) == 0 &&
	    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)) == 0)
		return fd;
	(void)close(fd);
	return -1;
}

size_t
fcgi_record(unsigned char *out, int type, const void *content, size_t n)
{
	out[0] = 1;
	out[1] = (unsigned char)type;
	out[2] = 0;
	out[3] = 1;
	out[4] = (unsigned char)(n >> 8);
	out[5] = (unsigned char)n;
	out[6] = 0;
	out[7] = 0;
	if (n > 0)
		memcpy(out + 8, content, n);
	return n + 8;
}

size_t
fcgi_begin(unsigned char *out, bool keep)
{
	unsigned char body[8] = {0, 1, keep};

	return fcgi_record(out, TYPE_BEGIN, body, sizeof(body));
}

static size_t
put_length(unsigned char *out, size_t n)
{
	if (n < 128) {
		out[0] = (unsigned char)n;
		return 1;
	}
	out[0] = (unsigned char)(n >> 24 | 0x80);
	out[1] = (unsigned char)(n >> 16);
	out[2] = (unsigned char)(n >> 8);
	out[3] = (unsigned char)n;
	return 4;
}

static bool
send_all(int fd, const unsigned char *at, size_t n)
{
	while (n > 0) {
		ssize_t sent = send(fd, at, n, MSG_NOSIGNAL);

		if (sent < 0)
			return false;
		at += sent;
		n -= (size_t)sent;
	}
	return true;
}

static size_t
put_params(unsigned char *out, const char *const *params)
{
	static unsigned char pairs[65536];
	size_t n = 0;

	for (; params[0] != NULL; params += 2) {
		size_t name = strlen(params[0]);
		size_t value = strlen(params[1]);

		if (n + name + value + 8 > 65535)
			abort();
		n += put_length(pairs + n, name);
		n += put_length(pairs + n, value);
		memcpy(pairs + n, params[0], name);
		memcpy(pairs + n + name, params[1], value);
		n += name + value;
	}
	n = fcgi_record(out, TYPE_PARAMS, pairs, n);
	return n + fcgi_record(out + n, TYPE_PARAMS, NULL, 0);
}

bool
fcgi_send(
    int fd, bool keep, const char *const *params, const char *body, size_t size)
{
	static unsigned char out[2 * 65536];
	size_t n = fcgi_begin(out, keep);

	n += put_params(out + n, params);
	if (!send_all(fd, out, n))
		return false;
	while (size > 0) {
		size_t part = size > 60000 ? 60000 : size;

		n = fcgi_record(out, TYPE_STDIN, body, part);
		if (!send_all(fd, out, n))
			return false;
		body += part;
		size -= part;
	}
	n = fcgi_record(out, TYPE_STDIN, NULL, 0);
	return send_all(fd, out, n);
}

static bool
read_all(int fd, void *at, size_t n)
{
	unsigned char *p = at;

	while (n > 0) {
		ssize_t got = recv(fd, p, n, 0);

		if (got <= 0)
			return false;
		p += got;
		n -= (size_t)got;
	}
	return true;
}

/* Split what came into headers and content. */
static void
split(struct fcgi_answer *out, const char *text, size_t size)
{
	const char *end = memmem(text, size, "\r\n\r\n", 4);
	const char *status;
	size_t head;

	if (end == NULL)
		return;
	head = (size_t)(end - text) + 2;
	if (head >= sizeof(out->head))
		abort();
	memcpy(out->head, text, head);
	out->head[head] = '\0';
	out->body_size = size - head - 2;
	memcpy(out->body, end + 4, out->body_size);
	out->body[out->body_size] = '\0';
	status = strstr(out->head, "Status: ");
	out->status = status == NULL ? 200 : (int)strtol(status + 8, NULL, 10);
}

void
fcgi_receive(int fd, struct fcgi_answer *out)
{
	static char text[FCGI_ANSWER_MAX];
	static unsigned char content[65536 + 256];
	unsigned char head[8];
	size_t size = 0;

	memset(out, 0, sizeof(*out));
	while (!out->ended) {
		size_t n;

		if (!read_all(fd, head, sizeof(head))) {
			out->closed = true;
			break;
		}
		n = (size_t)head[4] << 8 | head[5];
		if (!read_all(fd, content, n + head[6]))
			break;
		if (head[1] == TYPE_STDOUT) {
			if (size + n >= sizeof(text))
				abort();
			memcpy(text + size, content, n);
			size += n;
		}
		out->ended = head[1] == TYPE_END;
	}
	split(out, text, size);
}

bool
fcgi_call(int fd, const char *method, const char *path, const char *body,
    struct fcgi_answer *out)
{
	size_t size = body == NULL ? 0 : strlen(body);
	char length[24];
	const char *params[] = {"REQUEST_METHOD", method, "DOCUMENT_URI", path,
	    "REQUEST_URI", path, "QUERY_STRING", "", "CONTENT_LENGTH", length,
	    "CONTENT_TYPE", body == NULL ? "" : "application/json",
	    "REMOTE_ADDR", "192.0.2.1", NULL};

	(void)snprintf(length, sizeof(length), "%zu", size);
	if (!fcgi_send(fd, true, params, body, size))
		return false;
	fcgi_receive(fd, out);
	return out->ended;
}
