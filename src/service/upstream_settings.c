#include "service/upstream_settings.h"

#include <string.h>

#include "base/buf.h"
#include "base/text.h"
#include "io/schema.h"

static const struct field upstream_settings_fields[] = {
    FIELD(upstream_settings, base, TEXT, OPTIONAL, .lo = 8, .hi = 512,
	.doc = "Address that replaces the descriptor's."),
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
upstream_settings_print(struct ctx *c, const char *base, const char **out)
{
	const struct upstream_settings settings = {.base = base};
	struct buf text;

	if (base != NULL && !text_starts(base, "http://") &&
	    !text_starts(base, "https://"))
		return fail(c, ERR_BAD_INPUT,
		    "%s: an address begins with http:// or https://", base);
	buf_init(&text, c->mem);
	schema_print(&text, &upstream_settings_schema, &settings);
	*out = text.at;
	return OK;
}
