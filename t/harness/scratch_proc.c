#include "harness/scratch_proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"

#define READY_WITHIN (30 * CLOCK_SECOND)
#define PATH_SIZE    128

/* Short: the socket path within must stay below 108 bytes. */
static char folder[] = "/tmp/nlt-XXXXXX";
static bool made;

_Noreturn void
scratch_die(const char *what, const char *why)
{
	printf("Bail out! scratch: %s: %s\n", what, why);
	(void)fflush(stdout);
	_exit(EXIT_FAILURE);
}

/* Who runs the servers; NULL when we are not root. */
static const struct passwd *
server_user(void)
{
	const struct passwd *user;

	if (geteuid() != 0)
		return NULL;
	user = getpwnam("postgres");
	return user != NULL ? user : getpwnam("nobody");
}

static void
become(const struct passwd *user)
{
	if (user == NULL)
		return;
	if (setgroups(0, NULL) != 0 || setgid(user->pw_gid) != 0 ||
	    setuid(user->pw_uid) != 0)
		_exit(126);
}

/* Point stdin, stdout and stderr away from the TAP stream. */
static void
redirect(const char *path)
{
	int in = open("/dev/null", O_RDONLY);
	int out = open(path, O_WRONLY | O_CREAT | O_APPEND, 0600);

	if (in < 0 || out < 0)
		_exit(126);
	(void)dup2(in, 0);
	(void)dup2(out, 1);
	(void)dup2(out, 2);
}

/* The pid that a server left in a file of the folder; 0 when none. */
static pid_t
read_pid(const char *name)
{
	char path[PATH_SIZE];
	long pid = 0;
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "re");
	if (f == NULL)
		return 0;
	if (fscanf(f, "%ld", &pid) != 1)
		pid = 0;
	(void)fclose(f);
	return pid > 1 ? (pid_t)pid : 0;
}

static void
end_server(const char *pid_file, int sig)
{
	pid_t pid = read_pid(pid_file);

	if (pid == 0)
		return;
	(void)kill(pid, SIGCONT); /* a test may have stopped it */
	(void)kill(pid, sig);
	for (int i = 0; i < 500 && kill(pid, 0) == 0; i++)
		(void)poll(NULL, 0, 10);
	(void)kill(pid, SIGKILL);
}

/* Wait until the test program is gone, then clean up behind it. */
static _Noreturn void
keep(int alive)
{
	char ch;

	(void)setsid();
	redirect("/dev/null");
	while (read(alive, &ch, 1) < 0 && errno == EINTR)
		continue;
	end_server("pg/postmaster.pid", SIGQUIT);
	(void)execlp("rm", "rm", "-rf", folder, (char *)NULL);
	_exit(EXIT_FAILURE);
}

static void
start_keeper(void)
{
	int ends[2];
	pid_t pid;

	/* Our end is never closed but by the end of this process. */
	if (pipe2(ends, O_CLOEXEC) != 0)
		scratch_die("pipe", strerror(errno));
	pid = fork();
	if (pid < 0)
		scratch_die("fork", strerror(errno));
	if (pid == 0) {
		(void)close(ends[1]);
		keep(ends[0]);
	}
	(void)close(ends[0]);
}

const char *
scratch_folder(void)
{
	const struct passwd *user = server_user();

	if (made)
		return folder;
	if (mkdtemp(folder) == NULL)
		scratch_die("mkdtemp", strerror(errno));
	if (user != NULL && chown(folder, user->pw_uid, user->pw_gid) != 0)
		scratch_die("chown", strerror(errno));
	made = true;
	start_keeper();
	return folder;
}

pid_t
scratch_spawn(const char *log, const char *const *argv)
{
	char path[PATH_SIZE];
	pid_t pid;

	(void)snprintf(path, sizeof(path), "%s/%s", scratch_folder(), log);
	pid = fork();
	if (pid < 0)
		scratch_die("fork", strerror(errno));
	if (pid > 0)
		return pid;
	become(server_user());
	if (chdir(folder) != 0)
		_exit(126);
	redirect(path);
	(void)execvp(argv[0], (char *const *)(uintptr_t)argv);
	_exit(127);
}

static void
show_log(const char *log)
{
	char path[PATH_SIZE];
	char line[512];
	FILE *f;

	(void)snprintf(path, sizeof(path), "%s/%s", folder, log);
	f = fopen(path, "re");
	while (f != NULL && fgets(line, sizeof(line), f) != NULL)
		printf("# %s", line);
	if (f != NULL)
		(void)fclose(f);
}

void
scratch_run(const char *log, const char *const *argv)
{
	pid_t pid = scratch_spawn(log, argv);
	int status = 0;

	while (waitpid(pid, &status, 0) < 0)
		if (errno != EINTR)
			scratch_die(argv[0], strerror(errno));
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return;
	show_log(log);
	scratch_die(argv[0], "failed");
}

void
scratch_kill(pid_t pid, int sig)
{
	(void)kill(pid, sig);
	(void)kill(pid, SIGCONT);
	while (waitpid(pid, NULL, 0) < 0 && errno == EINTR)
		continue;
}

void
scratch_wait(const char *what, bool (*is_ready)(void))
{
	int64_t until = clock_mono() + READY_WITHIN;

	while (!is_ready()) {
		if (clock_mono() > until)
			scratch_die(what, "is not ready after 30 s");
		(void)poll(NULL, 0, 10);
	}
}
