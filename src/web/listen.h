/*
 * listen - the listening sockets of the pools. Made here, or taken over from
 * a service manager (sd_listen_fds(3): LISTEN_PID, LISTEN_FDS and, by the
 * name of the pool, LISTEN_FDNAMES).
 *
 * A unix socket's queue that is full refuses at once and nginx answers 502,
 * so it is long; mode 0660 lets in nginx's group and nobody else.
 */
#ifndef WEB_LISTEN_H
#define WEB_LISTEN_H

#include <stdbool.h>

#include "base/ctx.h"

#define LISTEN_BACKLOG 1024

struct listener {
	const char *path;
	int fd;
	bool made; /* by us: removed when the program ends */
};

/*
 * ERR_CONFLICT when another program answers at `path`; a socket that nobody
 * answers is replaced.
 */
enum err listen_open(struct ctx *c, const char *name, const char *path,
    struct listener *out) MUST_CHECK;

/* Close it; the file goes too if we have made it and it is still ours. */
void listen_close(struct listener *l);

#endif
