#include "crypto/keyring.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <sodium.h>

#include "base/law.h"
#include "base/text.h"
#include "crypto/secret.h"

#define FILE_MAX 4096

struct entry {
	uint32_t id;
	unsigned char key[KEYRING_KEY_SIZE];
};

struct keyring {
	struct secret self; /* the memory this struct lives in */
	size_t count;
	struct entry keys[KEYRING_MAX];
};

static enum err
mode_check(struct ctx *c, const char *path, int fd)
{
	struct stat st;
	mode_t refused;

	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return fail(c, ERR_INTERNAL, "%s: not a regular file", path);
	if (st.st_uid != 0 && st.st_uid != geteuid())
		return fail(
		    c, ERR_INTERNAL, "%s: owned by user %u", path, st.st_uid);
	refused = st.st_uid == 0 ? 0037 : 0077;
	if ((st.st_mode & refused) != 0)
		return fail(c, ERR_INTERNAL, "%s: mode %04o is too open", path,
		    st.st_mode & 07777);
	return OK;
}

/* The whole file, NUL-terminated, in a secret. */
static enum err
read_file(struct ctx *c, const char *path, int fd, struct secret *text)
{
	size_t len = 0;
	ssize_t n;

	TRY(mode_check(c, path, fd));
	while (len < FILE_MAX &&
	    (n = read(fd, text->at + len, FILE_MAX - len)) != 0) {
		if (n < 0 && errno != EINTR)
			return fail(c, ERR_INTERNAL, "%s: %s", path,
			    strerrordesc_np(errno));
		len += n < 0 ? 0 : (size_t)n;
	}
	if (len == FILE_MAX)
		return fail(c, ERR_INTERNAL, "%s: too long", path);
	if (strlen((const char *)text->at) != len)
		return fail(c, ERR_INTERNAL, "%s: holds a NUL", path);
	return OK;
}

/* One "id hex" line, NUL-terminated. */
static bool
parse_line(char *line, struct entry *e)
{
	char *hex = strchr(line, ' ');
	int64_t id;
	size_t n = 0;

	if (hex == NULL)
		return false;
	*hex++ = '\0';
	if (!text_to_i64(line, 1, UINT32_MAX, &id) ||
	    strlen(hex) != 2 * sizeof(e->key))
		return false;
	e->id = (uint32_t)id;
	return sodium_hex2bin(e->key, sizeof(e->key), hex, strlen(hex), NULL,
		   &n, NULL) == 0 &&
	    n == sizeof(e->key);
}

static enum err
parse_file(struct ctx *c, const char *path, char *text, struct keyring *r)
{
	char *next = NULL;
	int line = 1;

	for (char *at = text; at != NULL && *at != '\0'; at = next, line++) {
		struct entry e = {0};

		next = strchr(at, '\n');
		if (next != NULL)
			*next++ = '\0';
		if (*at == '\0' || *at == '#')
			continue;
		if (!parse_line(at, &e))
			return fail(
			    c, ERR_INTERNAL, "%s:%d: not a key", path, line);
		if (r->count == KEYRING_MAX || keyring_find(r, e.id) != NULL)
			return fail(c, ERR_INTERNAL,
			    "%s:%d: repeated id, or more than %d keys", path,
			    line, KEYRING_MAX);
		r->keys[r->count++] = e;
		sodium_memzero(&e, sizeof(e));
	}
	if (r->count == 0)
		return fail(c, ERR_INTERNAL, "%s: no key in it", path);
	return OK;
}

static enum err
load(struct ctx *c, const char *path, struct secret *text, struct keyring *r)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	enum err e;

	if (fd < 0)
		return fail(
		    c, ERR_INTERNAL, "%s: %s", path, strerrordesc_np(errno));
	e = read_file(c, path, fd, text);
	(void)close(fd); /* was only read */
	TRY(e);
	return parse_file(c, path, (char *)text->at, r);
}

enum err
keyring_open(struct ctx *c, const char *path, struct keyring **out)
{
	struct secret self = secret_new(sizeof(struct keyring));
	struct secret text = secret_new(FILE_MAX + 1);
	struct keyring *r = (void *)self.at;
	enum err e;

	r->self = self;
	e = load(c, path, &text, r);
	secret_free(&text);
	if (e != OK) {
		keyring_close(&r);
		return e;
	}
	secret_lock(&self);
	*out = r;
	return OK;
}

void
keyring_close(struct keyring **ring)
{
	struct secret self;

	if (*ring == NULL)
		return;
	self = (*ring)->self;
	secret_free(&self);
	*ring = NULL;
}

size_t
keyring_count(const struct keyring *ring)
{
	return ring->count;
}

uint32_t
keyring_id(const struct keyring *ring, size_t n)
{
	law(n < ring->count);
	return ring->keys[n].id;
}

const unsigned char *
keyring_find(const struct keyring *ring, uint32_t id)
{
	for (size_t i = 0; i < ring->count; i++)
		if (ring->keys[i].id == id)
			return ring->keys[i].key;
	return NULL;
}

static enum err
write_key(struct ctx *c, const char *path, int fd)
{
	unsigned char key[KEYRING_KEY_SIZE];
	char line[2 + 2 * sizeof(key) + 1] = "1 ";
	bool done;

	law(sodium_init() >= 0);
	randombytes_buf(key, sizeof(key));
	(void)sodium_bin2hex(line + 2, sizeof(line) - 2, key, sizeof(key));
	done = dprintf(fd, "%s\n", line) == (int)sizeof(line) && fsync(fd) == 0;
	sodium_memzero(key, sizeof(key));
	sodium_memzero(line, sizeof(line));
	return done ? OK : fail(c, ERR_INTERNAL, "%s: cannot write", path);
}

enum err
keyring_add_file(struct ctx *c, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	enum err e;

	if (fd < 0)
		return fail(c, errno == EEXIST ? ERR_CONFLICT : ERR_INTERNAL,
		    "%s: %s", path, strerrordesc_np(errno));
	e = write_key(c, path, fd);
	if (close(fd) != 0 && e == OK)
		e = fail(c, ERR_INTERNAL, "%s: cannot close", path);
	if (e != OK)
		(void)unlink(path); /* half a key is worse than none */
	return e;
}
