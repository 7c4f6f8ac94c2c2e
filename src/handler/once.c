#include "handler/once.h"

#include <string.h>

#include "base/arena.h"
#include "service/once.h"

static struct once
once_of(struct ctx *c, const struct request *rq, const char *said)
{
	return (struct once){.key = rq->idem_key,
	    .said = arena_fmt(c->mem, "%s\n%s", rq->route->op, said)};
}

/* The first answer of this key, byte for byte; a refusal stays one. */
static enum err
replay(struct ctx *c, struct response *rs, const struct once *o)
{
	response_header(rs, "Idempotency-Replayed", "true");
	if (o->refused != OK)
		return fail(c, o->refused, "replayed");
	response_bytes(rs, (int)o->status, "application/json", o->answer,
	    strlen(o->answer));
	return OK;
}

enum err
once_run(struct ctx *c, const struct request *rq, struct response *rs,
    const char *said, handler_fn *run)
{
	struct once o = once_of(c, rq, said);
	enum err e;

	TRY(once_find(c, &o));
	if (o.status != 0)
		return replay(c, rs, &o);
	e = run(c, rq, rs);
	o.refused = e;
	o.status = rs->status;
	o.answer = rs->body.at;
	once_keep(c, &o);
	return e;
}

enum err
once_claim(struct ctx *c, const struct request *rq, struct response *rs,
    const char *said, const char *answer, bool *mine)
{
	struct once o = once_of(c, rq, said);

	o.status = 201;
	o.answer = answer;
	TRY(once_claim_key(c, &o, mine));
	return *mine ? OK : replay(c, rs, &o);
}
