#include <stdio.h>

#include "bin/ctl.h"
#include "conf/conf.h"
#include "crypto/keyring.h"

/* A key that exists stays: with another nothing sealed could be read. */
static enum err
make(struct ctx *c, const char *path)
{
	enum err e = keyring_add_file(c, path);

	if (e == ERR_CONFLICT) {
		ctx_forgive(c);
		(void)printf("%s: kept\n", path);
		return OK;
	}
	TRY(e);
	(void)printf("%s: made\n", path);
	return OK;
}

enum err
ctl_key_init(struct ctx *c, int argc, char **argv)
{
	(void)argv;
	TRY(ctl_no_args(c, argc));
	TRY(make(c, c->conf->keys_master));
	TRY(make(c, c->conf->keys_jwt));
	return make(c, c->conf->keys_receipt);
}
