#include "service/timeline.h"

enum err
timeline_list(struct ctx *c, const char *id, int64_t user, struct list *out)
{
	TRY(timeline_store_list(c, id, user, out));
	return out->n > 0 ? OK : fail(c, ERR_NOT_FOUND, "number %s", id);
}
