#include "harness/scratch_redis.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/law.h"

#define START_TIMEOUT (10 * CLOCK_SECOND)

bool
scratch_redis_is_possible(void)
{
	return access("/usr/bin/redis-server", X_OK) == 0;
}

/* In the child: become the server; it dies with the test. */
static _Noreturn void
become_server(const struct scratch_redis *r)
{
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);

	(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
	(void)dup2(null, STDIN_FILENO);
	(void)dup2(null, STDOUT_FILENO);
	(void)execl("/usr/bin/redis-server", "redis-server", "--port", "0",
	    "--unixsocket", r->socket, "--dir", r->dir, "--save", "",
	    "--appendonly", "no", "--daemonize", "no", (char *)NULL);
	_exit(127);
}

/* One PING over a connection of its own. */
static bool
answers(const struct scratch_redis *r)
{
	struct sockaddr_un at = {.sun_family = AF_UNIX};
	char reply[8] = {0};
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	bool ok;

	(void)snprintf(at.sun_path, sizeof(at.sun_path), "%s", r->socket);
	ok = fd >= 0 &&
	    connect(fd, (const struct sockaddr *)&at, sizeof(at)) == 0 &&
	    write(fd, "PING\r\n", 6) == 6 &&
	    read(fd, reply, sizeof(reply) - 1) > 0 &&
	    strncmp(reply, "+PONG", 5) == 0;
	(void)close(fd);
	return ok;
}

void
scratch_redis_start(struct scratch_redis *r)
{
	int64_t deadline = clock_mono() + START_TIMEOUT;

	law(r->pid == 0);
	r->pid = fork();
	law(r->pid >= 0);
	if (r->pid == 0)
		become_server(r);
	while (!answers(r)) {
		law(clock_mono() < deadline);
		law(waitpid(r->pid, NULL, WNOHANG) == 0);
		(void)poll(NULL, 0, 5);
	}
}

void
scratch_redis_open(struct scratch_redis *r)
{
	*r = (struct scratch_redis){0};
	scratch_dir_open(r->dir);
	(void)snprintf(r->socket, sizeof(r->socket), "%s/redis.sock", r->dir);
	scratch_redis_start(r);
}

void
scratch_redis_kill(struct scratch_redis *r)
{
	if (r->pid == 0)
		return;
	law(kill(r->pid, SIGKILL) == 0);
	law(waitpid(r->pid, NULL, 0) == r->pid);
	r->pid = 0;
}

void
scratch_redis_close(struct scratch_redis *r)
{
	scratch_redis_kill(r);
	scratch_dir_close(r->dir);
}

void
scratch_redis_freeze(const struct scratch_redis *r)
{
	int status;

	law(kill(r->pid, SIGSTOP) == 0);
	law(waitpid(r->pid, &status, WUNTRACED) == r->pid);
}

void
scratch_redis_thaw(const struct scratch_redis *r)
{
	law(kill(r->pid, SIGCONT) == 0);
}
