#include "store/health_store.h"

#include "io/db.h"
#include "io/kv.h"

enum err
health_store_postgres(struct ctx *c)
{
	return db_exec(c, db_ping, NULL);
}

enum err
health_store_redis(struct ctx *c)
{
	return kv_cmd(c, NULL, "PING");
}
