#include "crypto/vault.h"

#include <stddef.h>

#include "crypto/keyring.h"
#include "crypto/seal.h"

enum err
vault_open(struct ctx *c, const char *master_path, const char *tokens_path,
    const char *receipts_path, struct vault *out)
{
	enum err e;

	*out = (struct vault){0};
	e = keyring_open(c, master_path, &out->master);
	if (e == OK)
		e = keyring_open(c, tokens_path, &out->tokens);
	if (e == OK)
		e = keyring_open(c, receipts_path, &out->receipts);
	if (e != OK)
		vault_close(out);
	return e;
}

enum err
vault_unseal(struct ctx *c, const struct seal_place *place,
    const struct sealed *in, const char **out)
{
	char *text = NULL;
	size_t n = 0;

	TRY(seal_open(c, c->vault->master, place, in, &text, &n));
	*out = text;
	return OK;
}

void
vault_close(struct vault *v)
{
	keyring_close(&v->master);
	keyring_close(&v->tokens);
	keyring_close(&v->receipts);
}
