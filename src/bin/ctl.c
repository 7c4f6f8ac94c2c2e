/* numleasectl - the operator's command. */
#include "bin/ctl.h"

#include <getopt.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "conf/conf.h"
#include "crypto/vault.h"
#include "io/db.h"
#include "service/canary.h"

#define MEMORY_MAX (UINT32_C(256) << 20)
/* One for the command, one for a statement beside its transaction. */
#define CONNECTIONS 2

static const struct ctl_command commands[] = {
#define COMMAND(words_, args_, want_, fn, help_) \
	{.words = (words_),                      \
	    .args = (args_),                     \
	    .help = (help_),                     \
	    .run = (fn),                         \
	    .want = WANT_##want_},
#include "bin/commands.def"
#undef COMMAND
};

#define COUNT (sizeof(commands) / sizeof(commands[0]))

static const char *conf_file;

const struct ctl_command *
ctl_at(unsigned i)
{
	return i < COUNT ? &commands[i] : NULL;
}

const char *
ctl_conf_path(void)
{
	return conf_file;
}

enum err
ctl_no_args(struct ctx *c, int argc)
{
	return argc == 0 ? OK :
			   fail(c, ERR_BAD_REQUEST, "it takes no arguments");
}

/* How many of argv are the words of `cmd`; 0 when they are not. */
static int
match(const struct ctl_command *cmd, int argc, char **argv)
{
	const char *p = cmd->words;

	for (int i = 0; i < argc; i++) {
		size_t n = strcspn(p, " ");

		if (strlen(argv[i]) != n || strncmp(argv[i], p, n) != 0)
			return 0;
		if (p[n] == '\0')
			return i + 1;
		p += n + 1;
	}
	return 0;
}

static void
print_usage(FILE *to, const struct ctl_command *cmd)
{
	(void)fprintf(to, "usage: numleasectl [-c file] %s%s%s\n", cmd->words,
	    *cmd->args != '\0' ? " " : "", cmd->args);
}

/* Nothing matched: show what starts with the first word, or the way out. */
static int
unknown(int argc, char **argv)
{
	unsigned near = 0;

	for (unsigned i = 0; argc > 0 && i < COUNT; i++)
		if (text_starts(commands[i].words, argv[0]) &&
		    commands[i].words[strlen(argv[0])] == ' ') {
			print_usage(stderr, &commands[i]);
			near++;
		}
	if (near == 0)
		(void)fprintf(stderr, "numleasectl: %s; see numleasectl help\n",
		    argc == 0 ? "a command is needed" : "no such command");
	return EX_USAGE;
}

static enum err
open_wanted(struct ctx *c, enum ctl_want want, struct vault *vault)
{
	if (want >= WANT_PG)
		TRY(db_pool_open(c, c->conf->database_conninfo, CONNECTIONS,
		    (int)(c->conf->database_timeout / CLOCK_MS), &c->pg));
	if (want >= WANT_PG && c->conf->database_roles)
		db_pool_role(c->pg, "numlease_owner");
	if (want < WANT_KEYS)
		return OK;
	TRY(vault_open(c, c->conf->keys_master, c->conf->keys_jwt,
	    c->conf->keys_receipt, vault));
	c->vault = vault;
	return canary_check(c);
}

static int
report(const struct ctx *c, const struct ctl_command *cmd, enum err e)
{
	/* What was printed may be the only copy of a key: say when it is lost.
	 */
	if (fflush(stdout) != 0 || ferror(stdout)) {
		(void)fputs("numleasectl: cannot write the result\n", stderr);
		return EXIT_FAILURE;
	}
	if (e == OK)
		return EXIT_SUCCESS;
	/* An operator gets the private reason; it says more. */
	(void)fprintf(stderr, "numleasectl: %s\n",
	    c->err_why != NULL ? c->err_why : err_row(e)->text);
	if (e == ERR_BAD_REQUEST) {
		print_usage(stderr, cmd);
		return EX_USAGE;
	}
	return EXIT_FAILURE;
}

static int
run(struct ctx *c, const struct ctl_command *cmd, int argc, char **argv)
{
	struct vault vault = {0};
	enum err e;

	c->op = cmd->words;
	if (cmd->want >= WANT_CONF && conf_open(c, conf_file) != OK)
		return EX_CONFIG;
	e = open_wanted(c, cmd->want, &vault);
	if (e == OK)
		e = cmd->run(c, argc, argv);
	db_pool_close(&c->pg);
	vault_close(&vault);
	return report(c, cmd, e);
}

int
main(int argc, char **argv)
{
	struct ctx c = {.id = "ctl"};
	int rc = -1;
	int opt;

	(void)log_open("stderr", "numleasectl", LEVEL_WARN);
	while ((opt = getopt(argc, argv, "+c:")) != -1) {
		if (opt != 'c')
			return EX_USAGE;
		conf_file = optarg;
	}
	argc -= optind;
	argv += optind;
	c.mem = arena_new("ctl", MEMORY_MAX);
	for (unsigned i = 0; rc < 0 && i < COUNT; i++) {
		int n = match(&commands[i], argc, argv);

		if (n > 0)
			rc = run(&c, &commands[i], argc - n, argv + n);
	}
	if (rc < 0)
		rc = unknown(argc, argv);
	arena_free(&c.mem);
	return rc;
}
