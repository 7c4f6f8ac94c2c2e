#include "service/admit.h"

#include <inttypes.h>

#include "base/money.h"
#include "base/text.h"
#include "conf/conf.h"
#include "service/lease.h"
#include "store/catalogue_store.h"

#define ANY        "any"
#define PERCENT_IS INT64_C(10000) /* a PERCENT setting that means "all" */

/* Can it be had at all, whatever it costs? */
static bool
is_there(const struct lease_ask *ask, const struct candidate_row *row)
{
	if (!text_eq(ask->service, row->service) ||
	    !text_eq(ask->country, row->country))
		return false;
	if (!row->enabled || row->stock <= 0 || row->cost <= 0)
		return false;
	return ask->operator== NULL || text_eq(ask->operator, ANY) ||
	    text_eq(ask->operator, row->operator);
}

static bool
is_admitted(const struct lease_ask *ask, const struct candidate_row *row)
{
	return is_there(ask, row) && row->price > 0 && row->price >= row->floor;
}

bool
admit_is_sold_for(
    const struct lease_ask *ask, const struct list *rows, int64_t most)
{
	const struct candidate_row *row = rows->at;

	for (size_t i = 0; i < rows->n; i++)
		if (is_there(ask, &row[i]) && row[i].cost <= most)
			return true;
	return false;
}

enum err
admit_cheapest(struct ctx *c, const struct lease_ask *ask,
    const struct list *rows, int64_t *out)
{
	const struct candidate_row *row = rows->at;

	*out = INT64_MAX;
	for (size_t i = 0; i < rows->n; i++)
		if (is_admitted(ask, &row[i]) && row[i].price < *out)
			*out = row[i].price;
	if (*out == INT64_MAX)
		return fail(c, ERR_NO_NUMBERS, "no offer of %s in %s",
		    ask->service, ask->country);
	return OK;
}

enum err
admit_dearest(struct ctx *c, const struct lease_ask *ask,
    const struct list *rows, int64_t *out)
{
	const struct candidate_row *row = rows->at;
	int64_t cheapest;
	int64_t most = ask->max_price;
	int64_t dearest = 0;

	TRY(admit_cheapest(c, ask, rows, &cheapest));
	if (most == 0 &&
	    !money_scale_up(cheapest, PERCENT_IS + c->conf->lease_spread,
		PERCENT_IS, &most))
		most = cheapest;
	for (size_t i = 0; i < rows->n; i++)
		if (is_admitted(ask, &row[i]) && row[i].price <= most &&
		    row[i].price > dearest)
			dearest = row[i].price;
	if (dearest == 0)
		return fail(c, ERR_NO_PRICE, "cheapest is %" PRId64, cheapest);
	*out = dearest;
	return OK;
}
