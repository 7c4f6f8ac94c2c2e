/*
 * vault - the keys a process holds, opened once at its start and reached
 * through ctx: `master` seals what is stored, `tokens` signs access tokens,
 * `receipts` signs receipts.
 */
#ifndef CRYPTO_VAULT_H
#define CRYPTO_VAULT_H

#include "base/ctx.h"

struct keyring;
struct seal_place;
struct sealed;

struct vault {
	struct keyring *master;
	struct keyring *tokens;
	struct keyring *receipts;
};

/* Read the key files; see keyring.h for their form and required mode. */
enum err vault_open(struct ctx *c, const char *master_path,
    const char *tokens_path, const char *receipts_path, struct vault *out)
    MUST_CHECK;

/*
 * Open a text of a row that c->vault has sealed; `out` is in c->mem and wiped
 * with it. Errors are seal_open's.
 */
enum err vault_unseal(struct ctx *c, const struct seal_place *place,
    const struct sealed *in, const char **out) MUST_CHECK;

/* Wipe all keys; leaves the vault empty. */
void vault_close(struct vault *v);

#endif
