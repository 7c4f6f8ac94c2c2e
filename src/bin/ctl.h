/*
 * ctl - the commands of numleasectl. A command gets what follows its words
 * as argv[0] to argv[argc - 1]; what it prints on standard output is its
 * result. ERR_BAD_REQUEST means wrong arguments: its usage is shown.
 *
 * Exit: 0 done, 1 failed, 64 wrong usage, 78 settings not valid.
 */
#ifndef BIN_CTL_H
#define BIN_CTL_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"

enum ctl_want { WANT_NOTHING, WANT_CONF, WANT_PG, WANT_KEYS };

typedef enum err ctl_fn(struct ctx *c, int argc, char **argv);

struct ctl_command {
	const char *words;
	const char *args;
	const char *help;
	ctl_fn *run;
	enum ctl_want want;
};

#define COMMAND(words, args, want, fn, help) ctl_fn fn;
#include "bin/commands.def"
#undef COMMAND

/* Row `i` of commands.def, NULL behind the last. */
const struct ctl_command *ctl_at(unsigned i);

/* The file given with -c, NULL when there was none. */
const char *ctl_conf_path(void);

/* "ctl:0": who is written down as having done it. */
const char *ctl_actor(struct ctx *c);

/* "2026-11-24" or RFC 3339; NULL is 0. */
enum err ctl_time(struct ctx *c, const char *text, int64_t *out) MUST_CHECK;

/* Refuse arguments for a command that takes none. */
enum err ctl_no_args(struct ctx *c, int argc) MUST_CHECK;

/* Take "--name" out of the arguments; true when it was there. */
bool ctl_flag(int *argc, char **argv, const char *name);

/* Take "--name value" out; the value, or NULL when it was not there. */
const char *ctl_option(int *argc, char **argv, const char *name);

#endif
