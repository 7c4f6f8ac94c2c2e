#include "provider/vars.h"

#include <inttypes.h>
#include <string.h>

#include "base/arena.h"
#include "base/law.h"
#include "base/money.h"
#include "base/text.h"

static const char *const names[] = {
#define VAR(code, name) name,
#include "provider/vars.def"
#undef VAR
};

bool
var_find(const char *name, size_t len, enum var *out)
{
	for (int i = 0; i < VAR__MAX; i++)
		if (strlen(names[i]) == len &&
		    memcmp(names[i], name, len) == 0) {
			*out = (enum var)i;
			return true;
		}
	return false;
}

const char *
var_name(enum var v)
{
	law(v < VAR__MAX);
	return names[v];
}

/* Our words for "whichever": an upstream must never see them as a name. */
static const char *
wish(const char *operator)
{
	static const char *const none[] = {"any", "all", "default"};

	for (size_t i = 0; i < sizeof(none) / sizeof(none[0]); i++)
		if (text_eq_ci(none[i], operator))
			return NULL;
	return operator;
}

void
vars_print(struct arena *mem, const struct vars *v, struct values *out)
{
	char price[MONEY_TEXT_SIZE];

	*out = (struct values){{
	    [VAR_KEY] = v->key,
	    [VAR_SERVICE] = v->service,
	    [VAR_COUNTRY] = v->country,
	    [VAR_OPERATOR] = wish(v->operator),
	    [VAR_DIAL] = v->dial,
	    [VAR_ID] = v->id,
	    [VAR_REF] = v->ref,
	}};
	if (v->max_price > 0) {
		money_print_short(v->max_price, 0, price);
		out->at[VAR_MAX_PRICE] = arena_dup(mem, price);
	}
	out->at[VAR_OFFSET] = arena_fmt(mem, "%" PRId64, v->offset);
}
