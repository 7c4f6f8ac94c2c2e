#include <stdio.h>

#include "base/buf.h"
#include "bin/ctl.h"
#include "web/router.h"

enum err
ctl_routes(struct ctx *c, int argc, char **argv)
{
	struct buf out;

	(void)argv;
	TRY(ctl_no_args(c, argc));
	buf_init(&out, c->mem);
	router_print(&out, &route_table);
	(void)fputs(out.at, stdout);
	return OK;
}
