#include <stddef.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "bin/ctl.h"

/* Take `n` arguments out at `i`. */
static void
take(int *argc, char **argv, int i, int n)
{
	memmove(
	    argv + i, argv + i + n, (size_t)(*argc - i - n) * sizeof(*argv));
	*argc -= n;
}

bool
ctl_flag(int *argc, char **argv, const char *name)
{
	for (int i = 0; i < *argc; i++)
		if (text_eq(argv[i], name)) {
			take(argc, argv, i, 1);
			return true;
		}
	return false;
}

const char *
ctl_option(int *argc, char **argv, const char *name)
{
	for (int i = 0; i + 1 < *argc; i++)
		if (text_eq(argv[i], name)) {
			const char *value = argv[i + 1];

			take(argc, argv, i, 2);
			return value;
		}
	return NULL;
}

const char *
ctl_actor(struct ctx *c)
{
	return arena_fmt(c->mem, "ctl:%u", getuid());
}

enum err
ctl_time(struct ctx *c, const char *text, int64_t *out)
{
	const char *whole = text;

	*out = 0;
	if (text == NULL)
		return OK;
	if (strlen(text) == sizeof("2026-11-24") - 1)
		whole = arena_fmt(c->mem, "%sT00:00:00Z", text);
	if (!clock_parse(whole, out))
		return fail(c, ERR_BAD_REQUEST, "%s is no time", text);
	return OK;
}
