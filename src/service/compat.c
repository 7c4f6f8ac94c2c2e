#include "service/compat.h"

#include <inttypes.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/text.h"
#include "conf/conf.h"
#include "service/limit.h"

#define MINUTE (60 * CLOCK_SECOND)

enum err
compat_find(struct ctx *c, const char *service, int64_t country,
    struct compat_place *out)
{
	TRY(compat_store_place(c, service, country, out));
	if (out->service == NULL)
		return fail(c, ERR_UNKNOWN_SERVICE, "handler_api service");
	if (out->country == NULL)
		return fail(c, ERR_UNKNOWN_COUNTRY,
		    "handler_api country %" PRId64, country);
	return OK;
}

int64_t
compat_currency(const struct ctx *c)
{
	static const struct {
		const char *code;
		int64_t number;
	} rows[] = {
	    {"CNY", 156},
	    {"EUR", 978},
	    {"GBP", 826},
	    {"RUB", 643},
	    {"USD", 840},
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (text_eq(c->conf->site_currency, rows[i].code))
			return rows[i].number;
	return 0;
}

enum err
compat_prices(struct ctx *c, const char *service, int64_t country,
    const char *operator, struct list * out)
{
	return compat_store_prices(c, service != NULL ? service : "", country,
	    operator!= NULL ? operator: "", out);
}

enum err
compat_active(struct ctx *c, int64_t start, int64_t limit, struct list *out)
{
	return compat_store_active(c, c->user, start, limit, out);
}

/* While Redis is away, what is left is the limit of open numbers. */
enum err
compat_take_lease(struct ctx *c)
{
	const char *subject = arena_fmt(c->mem, "lease/user/%" PRId64, c->user);
	int64_t retry = 0;
	enum err e = limit_take(
	    c, subject, c->conf->rate_lease_per_minute, MINUTE, &retry);

	if (e == OK || e == ERR_RATE_LIMITED)
		return e;
	ctx_forgive(c);
	return OK;
}

/* An SMS between the two looks makes it a finish after all. */
enum err
compat_finish(struct ctx *c, const char *id, struct number *out)
{
	enum err e = number_finish(c, id, out);

	if (e != ERR_NO_CODE)
		return e;
	ctx_forgive(c);
	e = number_cancel_now(c, id, out);
	if (e != ERR_HAS_CODE)
		return e;
	ctx_forgive(c);
	return number_finish(c, id, out);
}
