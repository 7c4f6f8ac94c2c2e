#include "service/exchange.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "provider/descriptor.h"
#include "provider/outcome.h"
#include "service/errand.h"
#include "service/upstream.h"

#define ANSWER_MAX 500 /* bytes */

/* The address with the value of the query parameter `name` taken out. */
static const char *
without_key(struct ctx *c, const char *url, const char *name)
{
	size_t n = strlen(name);
	const char *at = strchr(url, '?');
	struct buf b;

	while (
	    at != NULL && !(strncmp(at + 1, name, n) == 0 && at[n + 1] == '='))
		at = strchr(at + 1, '&');
	if (at == NULL)
		return url;
	at += n + 2;
	buf_init(&b, c->mem);
	buf_add(&b, url, (size_t)(at - url));
	buf_text(&b, "***");
	at = strchr(at, '&');
	if (at != NULL)
		buf_text(&b, at);
	return b.at;
}

static const char *
request_of(struct ctx *c, const struct upstream *u, const struct errand *e)
{
	const struct auth_spec *auth = &u->descriptor->auth;
	const char *url = auth->place == AUTH_QUERY && auth->name != NULL ?
	    without_key(c, e->url, auth->name) :
	    e->url;

	return arena_fmt(c->mem, "%s %s", e->method, url);
}

/* What can be stored as text and read on a terminal. */
static const char *
printable(struct ctx *c, const char *bytes, size_t n)
{
	char *out = arena_alloc(c->mem, 1, ANSWER_MAX + 1);
	size_t len = n < ANSWER_MAX ? n : ANSWER_MAX;

	memcpy(out, bytes, len);
	for (size_t i = 0; i < len; i++)
		if (out[i] < ' ' || out[i] > '~')
			out[i] = '.';
	out[len] = '\0';
	return out;
}

struct exchange
exchange_of(struct ctx *c, const struct upstream *u, const char *attempt,
    const struct errand *e, const struct outcome *o)
{
	bool answered = e->result == ERRAND_ANSWERED;

	return (struct exchange){.attempt = arena_dup(c->mem, attempt),
	    .request = request_of(c, u, e),
	    .status = answered ? e->status : 0,
	    .answer = answered ? printable(c, e->answer, e->answer_size) :
		e->why != NULL ? printable(c, e->why, strlen(e->why)) :
				 "",
	    .rule = o->rule != NULL ? o->rule : "",
	    .took_us = e->took_us};
}

void
exchange_write(struct ctx *c, const struct exchange *all, size_t n)
{
	if (n > 0 && exchange_store_add(c, all, n) != OK)
		ctx_forgive(c);
}
