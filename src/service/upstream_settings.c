#include "service/upstream_settings.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "io/schema.h"
#include "provider/descriptor.h"

#define LIMIT(member, text)                                       \
	FIELD(upstream_settings, member, INT, OPTIONAL, .lo = -1, \
	    .hi = UPSTREAM_LIMIT_MAX, .def = -1, .doc = (text))

static const struct field upstream_settings_fields[] = {
    FIELD(upstream_settings, base, TEXT, OPTIONAL, .lo = 8, .hi = 512,
	.doc = "Address that replaces the descriptor's."),
    LIMIT(rps, "Calls in a second, instead of the descriptor's."),
    LIMIT(buy_rps, "Purchases in a second, instead of the descriptor's."),
    LIMIT(concurrency, "Calls at once, instead of the descriptor's."),
};
static SCHEMA(upstream_settings);

enum err
upstream_settings_read(
    struct ctx *c, const char *json, struct upstream_settings **out)
{
	const struct schema_source from = {
	    .body = json, .body_size = strlen(json)};
	void *read = NULL;

	TRY(schema_read(c, &upstream_settings_schema, &from, &read));
	*out = read;
	return OK;
}

enum err
upstream_settings_print(
    struct ctx *c, const struct upstream_settings *settings, const char **out)
{
	const char *base = settings->base;
	struct buf text;

	if (base != NULL && !text_starts(base, "http://") &&
	    !text_starts(base, "https://"))
		return fail(c, ERR_BAD_INPUT,
		    "%s: an address begins with http:// or https://", base);
	buf_init(&text, c->mem);
	schema_print(&text, &upstream_settings_schema, settings);
	*out = text.at;
	return OK;
}

static int64_t
either(int64_t own, int64_t otherwise)
{
	return own >= 0 ? own : otherwise;
}

struct errand_limits
upstream_settings_limits(
    const struct upstream_settings *own, const struct limits_spec *d)
{
	return (struct errand_limits){.rps = either(own->rps, d->rps),
	    .buy_rps = either(own->buy_rps, d->buy_rps),
	    .concurrency = either(own->concurrency, d->concurrency)};
}
