#include "harness/scratch_dir.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/law.h"

void
scratch_dir_open(char path[SCRATCH_DIR_SIZE])
{
	(void)snprintf(path, SCRATCH_DIR_SIZE, "/tmp/numlease-t.XXXXXX");
	law(mkdtemp(path) != NULL);
}

static int
drop(const char *path, const struct stat *st, int kind, struct FTW *at)
{
	(void)st;
	(void)kind;
	(void)at;
	return remove(path);
}

void
scratch_dir_close(const char *path)
{
	law(nftw(path, drop, 16, FTW_DEPTH | FTW_PHYS) == 0);
}

const char *
scratch_dir_write(const char *dir, const char *name, const char *text)
{
	static char path[SCRATCH_DIR_SIZE + 64];
	size_t n = strlen(text);
	int fd;

	(void)snprintf(path, sizeof(path), "%s/%.60s", dir, name);
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	law(fd >= 0);
	law(write(fd, text, n) == (ssize_t)n);
	law(close(fd) == 0);
	return path;
}
