/* numlease-api - the FastCGI pools behind nginx. */
#include "base/clock.h"
#include "base/text.h"
#include "conf/conf.h"
#include "crypto/vault.h"
#include "io/db.h"
#include "io/kv.h"
#include "service/canary.h"
#include "service/limit.h"
#include "service/reserve.h"
#include "web/daemon.h"

static struct vault vault; /* the keys of this process */

static enum err
open_keys(struct ctx *c)
{
	TRY(vault_open(c, c->conf->keys_master, c->conf->keys_jwt,
	    c->conf->keys_receipt, &vault));
	c->vault = &vault;
	return OK;
}

/*
 * Only the processes that serve administrators may make money; those that
 * anybody can talk to have no right to.
 */
static const char *
role_of(const char *pool)
{
	return text_eq(pool, "admin") ? "numlease_admin" : "numlease_api";
}

/*
 * Whether the master key is the right one. In the place of one that died it
 * is looked at as soon as PostgreSQL is there, before anything else of it.
 */
static enum err
prove_key(struct ctx *c, bool is_again)
{
	enum err e;

	db_pool_prove(c->pg, canary_check);
	e = canary_check(c);
	if (e == OK || !is_again || (e != ERR_UNAVAILABLE && e != ERR_TIMEOUT))
		return e;
	ctx_forgive(c);
	return OK;
}

static enum err
open_all(struct ctx *c, const char *pool, bool is_again)
{
	const struct conf *conf = c->conf;

	TRY(open_keys(c));
	TRY(db_pool_open(c, conf->database_conninfo, conf->database_pool_size,
	    (int)(conf->database_timeout / CLOCK_MS), &c->pg));
	if (conf->database_roles)
		db_pool_role(c->pg, role_of(pool));
	TRY(prove_key(c, is_again));
	return kv_pool_open(c, conf->redis_address, conf->redis_pool_size,
	    (int)(conf->redis_timeout / CLOCK_MS), &c->kv);
}

static void
close_all(struct ctx *c)
{
	kv_pool_close(&c->kv);
	db_pool_close(&c->pg);
	vault_close(&vault);
}

int
main(int argc, char **argv)
{
	static const struct daemon_setup setup = {.name = "numlease-api",
	    .routes = &route_table,
	    .auth = &guard_auth,
	    .shared_limit = limit_take,
	    .pop = kv_pop,
	    .test = open_keys,
	    .open = open_all,
	    .close = close_all,
	    .begin = reserver_open,
	    .end = reserver_close};

	return daemon_main(argc, argv, &setup);
}
