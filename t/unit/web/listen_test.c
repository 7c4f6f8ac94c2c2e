#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "harness/fcgi_client.h"
#include "harness/scratch_dir.h"
#include "harness/suite.h"
#include "web/listen.h"

static struct ctx c;
static char dir[SCRATCH_DIR_SIZE];
static char path[SCRATCH_DIR_SIZE + 16];

static void
start(void)
{
	c = (struct ctx){.mem = arena_new("test", 1 << 20)};
	scratch_dir_open(dir);
	(void)snprintf(path, sizeof(path), "%s/x.sock", dir);
}

static void
stop(void)
{
	scratch_dir_close(dir);
	arena_free(&c.mem);
}

static void
socket_for_the_group_only(void)
{
	struct listener l;
	struct stat st;
	int fd;

	start();
	CU_ASSERT_EQUAL_FATAL(listen_open(&c, "api", path, &l), OK);
	CU_ASSERT_EQUAL(stat(path, &st), 0);
	CU_ASSERT_EQUAL(st.st_mode & 0777, 0660);
	fd = fcgi_connect(path);
	CU_ASSERT(fd >= 0);
	(void)close(fd);
	listen_close(&l);
	CU_ASSERT_NOT_EQUAL(stat(path, &st), 0);
	stop();
}

static void
left_over_is_replaced(void)
{
	struct listener l;

	start();
	CU_ASSERT_EQUAL_FATAL(listen_open(&c, "api", path, &l), OK);
	(void)close(l.fd); /* as if the program had been killed */
	CU_ASSERT_EQUAL(listen_open(&c, "api", path, &l), OK);
	listen_close(&l);
	stop();
}

static void
living_one_is_respected(void)
{
	struct listener first;
	struct listener second;

	start();
	CU_ASSERT_EQUAL_FATAL(listen_open(&c, "api", path, &first), OK);
	CU_ASSERT_EQUAL(listen_open(&c, "api", path, &second), ERR_CONFLICT);
	CU_ASSERT_EQUAL(access(path, F_OK), 0);
	listen_close(&first);
	(void)scratch_dir_write(dir, "x.sock", "a file");
	CU_ASSERT_EQUAL(listen_open(&c, "api", path, &second), ERR_CONFLICT);
	CU_ASSERT_EQUAL(access(path, F_OK), 0);
	stop();
}

/* The last descriptor is closed later than a successor has bound. */
static void
successor_keeps_its_file(void)
{
	struct listener old;
	struct listener new;

	start();
	CU_ASSERT_EQUAL_FATAL(listen_open(&c, "api", path, &old), OK);
	(void)unlink(path);
	CU_ASSERT_EQUAL_FATAL(listen_open(&c, "api", path, &new), OK);
	listen_close(&old);
	CU_ASSERT_EQUAL(access(path, F_OK), 0);
	listen_close(&new);
	stop();
}

static void
sockets_of_a_service_manager(void)
{
	struct listener l;
	char pid[16];

	start();
	(void)snprintf(pid, sizeof(pid), "%d", getpid());
	(void)setenv("LISTEN_PID", pid, 1);
	(void)setenv("LISTEN_FDS", "2", 1);
	(void)setenv("LISTEN_FDNAMES", "auth:api", 1);
	CU_ASSERT_FATAL(dup2(STDERR_FILENO, 4) == 4);
	CU_ASSERT_EQUAL(listen_open(&c, "api", path, &l), OK);
	CU_ASSERT_EQUAL(l.fd, 4);
	CU_ASSERT_FALSE(l.made);
	listen_close(&l);
	CU_ASSERT_EQUAL(listen_open(&c, "admin", path, &l), OK);
	CU_ASSERT(l.made); /* not among them */
	listen_close(&l);
	(void)setenv("LISTEN_PID", "1", 1); /* meant for another process */
	CU_ASSERT_EQUAL(listen_open(&c, "api", path, &l), OK);
	CU_ASSERT(l.made);
	listen_close(&l);
	stop();
}

SUITE("listen", {"a socket is for its group only", socket_for_the_group_only},
    {"a socket that was left over is replaced", left_over_is_replaced},
    {"one that is served, or no socket, is respected", living_one_is_respected},
    {"a successor keeps its file", successor_keeps_its_file},
    {"sockets of a service manager are taken by name",
	sockets_of_a_service_manager})
