#include "service/endpoint.h"

#include <string.h>

#include "base/arena.h"
#include "base/id.h"
#include "base/text.h"
#include "conf/conf.h"
#include "crypto/seal.h"
#include "crypto/sign.h"
#include "crypto/vault.h"
#include "store/webhook_store.h"

#define MOST 10 /* of one user */

static struct endpoint
endpoint_of(const struct endpoint_row *row)
{
	return (struct endpoint){.id = row->id,
	    .url = row->url,
	    .enabled = row->enabled,
	    .created_at = row->created_at};
}

enum err
endpoint_list(struct ctx *c, struct list *out)
{
	const struct endpoint_row *rows;
	struct list found = {0};
	struct endpoint *all;

	TRY(webhook_store_list(c, c->user, &found));
	rows = found.at;
	all = arena_many(c->mem, struct endpoint, found.n + 1);
	for (size_t i = 0; i < found.n; i++)
		all[i] = endpoint_of(&rows[i]);
	*out = (struct list){all, found.n};
	return OK;
}

enum err
endpoint_add(struct ctx *c, const char *url, struct endpoint *out)
{
	char *secret = arena_alloc(c->mem, 1, SIGN_SECRET_SIZE);
	struct endpoint_row row = {0};
	struct endpoint_new new = {.user = c->user, .url = url, .most = MOST};
	struct sealed sealed;
	char id[ID_SIZE];
	bool added = false;

	if (!text_starts(url, "https://") && !c->conf->webhook_allow_private)
		return fail(c, ERR_BAD_INPUT, "not https: %s", url);
	id_new(id);
	new.id = id;
	sign_secret_new(secret);
	sealed = seal_apply(c, c->vault->master,
	    &(struct seal_place){"endpoints", id, "secret"}, secret,
	    strlen(secret));
	new.secret = sealed.at;
	new.secret_size = sealed.size;
	TRY(webhook_store_add(c, &new, &row, &added));
	if (!added)
		return fail(c, ERR_TOO_MANY, "%d endpoints already", MOST);
	*out = endpoint_of(&row);
	out->secret = secret;
	return OK;
}

enum err
endpoint_remove(struct ctx *c, const char *id)
{
	return webhook_store_remove(c, id, c->user);
}
