#include <stddef.h>
#include <string.h>

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
