#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

#define CHUNK 4096

static enum err
read_all(struct ctx *c, int fd, const char *path, size_t max, struct buf *b)
{
	char chunk[CHUNK];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return fail(c, ERR_INTERNAL, "%s: %s", path,
			    strerrordesc_np(errno));
		if ((size_t)n > max - b->len)
			return fail(
			    c, ERR_TOO_LARGE, "%s: over %zu bytes", path, max);
		buf_add(b, chunk, (size_t)n);
	}
	return OK;
}

enum err
file_read(
    struct ctx *c, const char *path, size_t max, const char **text, size_t *len)
{
	struct buf b;
	enum err e;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail(c, errno == ENOENT ? ERR_NOT_FOUND : ERR_INTERNAL,
		    "%s: %s", path, strerrordesc_np(errno));
	buf_init(&b, c->mem);
	e = read_all(c, fd, path, max, &b);
	(void)close(fd); /* only read from: nothing can be lost */
	if (e != OK)
		return e;
	*text = b.at;
	if (len != NULL)
		*len = b.len;
	return OK;
}

bool
file_is_open_to_all(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && (st.st_mode & S_IRWXO) != 0;
}
