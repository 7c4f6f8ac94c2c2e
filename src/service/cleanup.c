#include "service/cleanup.h"

#include "base/clock.h"
#include "base/log.h"
#include "conf/conf.h"
#include "store/cleanup_store.h"

#define BATCH          500
#define HOUR_MS        (INT64_C(3600) * 1000)
#define SESSION_MS     (INT64_C(30) * 24 * HOUR_MS)
#define IDEMPOTENCY_MS (72 * HOUR_MS)
#define DELIVERY_MS    (INT64_C(30) * 24 * HOUR_MS)
#define EXCHANGE_MS    (INT64_C(90) * 24 * HOUR_MS)

typedef enum err cleanup_fn(
    struct ctx *c, int64_t keep_ms, int batch, int64_t *n);

static enum err
run(struct ctx *c, const char *what, cleanup_fn *fn, int64_t keep_ms,
    bool *more)
{
	int64_t n = 0;

	TRY(fn(c, keep_ms, BATCH, &n));
	if (n == BATCH)
		*more = true;
	if (n > 0)
		log_ev(c, LEVEL_INFO, "cleanup.done", L_STR("what", what),
		    L_I64("count", n));
	return OK;
}

enum err
cleanup_messages(struct ctx *c, struct errands *none, bool *more)
{
	(void)none;
	return run(c, "messages", cleanup_store_messages,
	    c->conf->retention_sms / CLOCK_MS, more);
}

enum err
cleanup_rest(struct ctx *c, struct errands *none, bool *more)
{
	static const struct {
		const char *what;
		cleanup_fn *fn;
		int64_t keep_ms;
	} rows[] = {
	    {"sessions", cleanup_store_sessions, SESSION_MS},
	    {"idempotency keys", cleanup_store_idempotency, IDEMPOTENCY_MS},
	    {"deliveries", cleanup_store_deliveries, DELIVERY_MS},
	    {"exchanges", cleanup_store_exchanges, EXCHANGE_MS},
	};

	(void)none;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		TRY(run(c, rows[i].what, rows[i].fn, rows[i].keep_ms, more));
	return OK;
}
