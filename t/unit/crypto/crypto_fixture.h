/* crypto_fixture - a context and key files for the tests of this room. */
#ifndef T_CRYPTO_FIXTURE_H
#define T_CRYPTO_FIXTURE_H

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/ctx.h"
#include "base/law.h"
#include "crypto/keyring.h"
#include "harness/suite.h"

#define KEY_ONE \
	"60303ae22b998861bce3b28f33eec1be758a213c86c93c076dbe9f558c11c752"
#define KEY_TWO \
	"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"

static inline struct ctx
fixture_ctx(void)
{
	return (struct ctx){.mem = arena_new("test", 64 << 20)};
}

/* A new file with `text`, mode `mode`; the path is static. */
static inline const char *
fixture_file(const char *text, mode_t mode)
{
	static char path[64];
	int fd;

	(void)snprintf(path, sizeof(path), "/tmp/numlease-key-XXXXXX");
	fd = mkstemp(path);
	law(fd >= 0 && dprintf(fd, "%s", text) >= 0);
	law(fchmod(fd, mode) == 0 && close(fd) == 0);
	return path;
}

static inline struct keyring *
fixture_ring(struct ctx *c, const char *text)
{
	const char *path = fixture_file(text, 0600);
	struct keyring *ring = NULL;
	enum err e = keyring_open(c, path, &ring);

	(void)unlink(path);
	law(e == OK);
	return ring;
}

#endif
