#include "service/limit.h"

#include "store/limit_store.h"

enum err
limit_take(struct ctx *c, const char *subject, int64_t count, int64_t period_us,
    int64_t *retry_us)
{
	TRY(limit_store_take(c, subject, count, period_us, retry_us));
	return *retry_us == 0 ? OK : fail(c, ERR_RATE_LIMITED, "%s", subject);
}
