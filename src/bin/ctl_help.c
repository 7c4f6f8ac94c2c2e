#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "bin/ctl.h"

enum err
ctl_version(struct ctx *c, int argc, char **argv)
{
	(void)argv;
	TRY(ctl_no_args(c, argc));
	(void)puts("numleasectl " NUMLEASE_VERSION);
	return OK;
}

static void
help_row(const struct ctl_command *cmd)
{
	(void)printf("  %s%s%s\n      %s\n", cmd->words,
	    *cmd->args != '\0' ? " " : "", cmd->args, cmd->help);
}

/* A command by its words, or all that start with the first of them. */
static bool
is_asked(const struct ctl_command *cmd, int argc, char **argv)
{
	const char *rest = cmd->words;

	for (int i = 0; i < argc; i++) {
		if (!text_starts(rest, argv[i]))
			return false;
		rest += strlen(argv[i]);
		if (*rest != ' ' && *rest != '\0')
			return false;
		rest += *rest == ' ';
	}
	return true;
}

enum err
ctl_help(struct ctx *c, int argc, char **argv)
{
	const struct ctl_command *cmd;
	unsigned shown = 0;

	if (argc == 0)
		(void)puts("usage: numleasectl [-c file] command [argument ...]"
			   "\n\ncommands:");
	for (unsigned i = 0; (cmd = ctl_at(i)) != NULL; i++)
		if (is_asked(cmd, argc, argv)) {
			help_row(cmd);
			shown++;
		}
	return shown > 0 ? OK :
			   fail(c, ERR_BAD_REQUEST, "no command of that name");
}
