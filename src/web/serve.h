/*
 * serve - what one process of a pool does: a front with its threads over the
 * pool's socket, until a signal tells it to leave (see prefork.h).
 */
#ifndef WEB_SERVE_H
#define WEB_SERVE_H

#include "base/ctx.h"
#include "web/app.h"
#include "web/prefork.h"

/*
 * Serve until told to leave; an exit status of sysexits(3). `c` has the
 * settings and all pools open; c->mem lives as long as the process.
 */
int serve_run(struct ctx *c, const struct app_setup *setup,
    const struct pool *pool, int listen_fd, int ready);

#endif
