#include "web/listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/text.h"

#define FIRST_FD 3 /* SD_LISTEN_FDS_START */
#define MOST_FDS 64

/* The place of `name` in "a:b:c", or -1. */
static int
name_index(const char *names, const char *name)
{
	size_t n = strlen(name);

	for (int i = 0; names != NULL; i++) {
		size_t len = strcspn(names, ":");

		if (len == n && strncmp(names, name, n) == 0)
			return i;
		names = names[len] == '\0' ? NULL : names + len + 1;
	}
	return -1;
}

/* A socket that was passed to us, or -1. */
static int
inherited(const char *name)
{
	const char *pid = getenv("LISTEN_PID");
	const char *count = getenv("LISTEN_FDS");
	int64_t our_pid;
	int64_t n;
	int i;

	if (pid == NULL || !text_to_i64(pid, 1, INT32_MAX, &our_pid) ||
	    our_pid != getpid())
		return -1;
	if (count == NULL || !text_to_i64(count, 1, MOST_FDS, &n))
		return -1;
	i = name_index(getenv("LISTEN_FDNAMES"), name);
	if (i < 0 || i >= n || fcntl(FIRST_FD + i, F_SETFD, FD_CLOEXEC) != 0)
		return -1;
	return FIRST_FD + i;
}

static bool
answers(const struct sockaddr_un *at)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool yes = fd >= 0 &&
	    connect(fd, (const struct sockaddr *)at, sizeof(*at)) == 0;

	if (fd >= 0)
		(void)close(fd); /* it has carried nothing */
	return yes;
}

static enum err
clear_path(struct ctx *c, const struct sockaddr_un *at)
{
	struct stat st;

	if (lstat(at->sun_path, &st) != 0)
		return OK;
	if (!S_ISSOCK(st.st_mode))
		return fail(
		    c, ERR_CONFLICT, "%s is not a socket", at->sun_path);
	if (answers(at))
		return fail(c, ERR_CONFLICT, "%s is served by another program",
		    at->sun_path);
	(void)unlink(at->sun_path); /* if this fails, bind() says so */
	return OK;
}

static enum err
bind_at(struct ctx *c, const struct sockaddr_un *at, int fd)
{
	mode_t before = umask(0117); /* 0660 from the first moment */
	int rc = bind(fd, (const struct sockaddr *)at, sizeof(*at));
	int why = errno;

	(void)umask(before);
	if (rc != 0)
		return fail(
		    c, ERR_UNAVAILABLE, "%s: %s", at->sun_path, strerror(why));
	if (listen(fd, LISTEN_BACKLOG) != 0)
		return fail(c, ERR_UNAVAILABLE, "listen: errno %d", errno);
	return OK;
}

enum err
listen_open(
    struct ctx *c, const char *name, const char *path, struct listener *out)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	enum err e;

	*out = (struct listener){.path = path, .fd = inherited(name)};
	if (out->fd >= 0)
		return OK;
	if (strlen(path) >= sizeof(at.sun_path))
		return fail(c, ERR_BAD_INPUT, "%s is longer than %zu bytes",
		    path, sizeof(at.sun_path) - 1);
	memcpy(at.sun_path, path, strlen(path) + 1);
	TRY(clear_path(c, &at));
	out->fd =
	    socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (out->fd < 0)
		return fail(c, ERR_UNAVAILABLE, "socket: errno %d", errno);
	e = bind_at(c, &at, out->fd);
	out->made = e == OK;
	if (e != OK)
		listen_close(out);
	return e;
}

/* The socket file may have been replaced by a successor. */
static bool
is_ours(const struct listener *l)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", l->path);
	return !answers(&at);
}

void
listen_close(struct listener *l)
{
	if (l->fd >= 0)
		(void)close(l->fd); /* a failed close is closed */
	l->fd = -1;
	if (l->made && is_ours(l))
		(void)unlink(l->path); /* a left-over is replaced next time */
	l->made = false;
}
