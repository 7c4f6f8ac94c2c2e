#include <stdio.h>

#include "base/buf.h"
#include "base/text.h"
#include "bin/ctl.h"
#include "conf/conf.h"
#include "conf/print.h"

static enum err
print_out(struct ctx *c, int argc, void (*print)(struct buf *out))
{
	struct buf out;

	TRY(ctl_no_args(c, argc));
	buf_init(&out, c->mem);
	print(&out);
	(void)fputs(out.at, stdout);
	return OK;
}

enum err
ctl_config_example(struct ctx *c, int argc, char **argv)
{
	(void)argv;
	return print_out(c, argc, print_example);
}

enum err
ctl_config_man(struct ctx *c, int argc, char **argv)
{
	(void)argv;
	return print_out(c, argc, print_manual);
}

enum err
ctl_config_check(struct ctx *c, int argc, char **argv)
{
	const char *path = conf_path(ctl_conf_path());

	(void)argv;
	TRY(ctl_no_args(c, argc));
	(void)printf("%s: valid\n", *path != '\0' ? path : "environment");
	return OK;
}

enum err
ctl_config_show(struct ctx *c, int argc, char **argv)
{
	bool changed = argc == 1 && text_eq(argv[0], "-n");
	struct buf out;

	if (!changed)
		TRY(ctl_no_args(c, argc));
	buf_init(&out, c->mem);
	print_conf(&out, c->conf, changed ? PRINT_CHANGED : PRINT_ALL);
	(void)fputs(out.at, stdout);
	return OK;
}
