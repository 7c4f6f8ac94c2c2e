#include "crypto/vault.h"

#include <stddef.h>

#include "crypto/keyring.h"

enum err
vault_open(struct ctx *c, const char *master_path, const char *tokens_path,
    struct vault *out)
{
	enum err e;

	*out = (struct vault){0};
	TRY(keyring_open(c, master_path, &out->master));
	e = keyring_open(c, tokens_path, &out->tokens);
	if (e != OK)
		vault_close(out);
	return e;
}

void
vault_close(struct vault *v)
{
	keyring_close(&v->master);
	keyring_close(&v->tokens);
}
