/*
 * request - how one call is written, as data:
 *
 *	{"method":"GET",
 *"path":"/user/buy/activation/{country}/{operator}/{service}",
 *	 "query":{"maxPrice":{"v":"{max_price}", "omit_if":[""],
 *			      "when":{"var":"operator","eq":"any"}}}}
 *
 * Law: a parameter whose value is missing is refused unless it says
 * "omit_if":[""]; a value in the path stays one segment and is never "", "."
 * or ".."; a header value never holds a control character.
 */
#ifndef PROVIDER_REQUEST_H
#define PROVIDER_REQUEST_H

#include <stdbool.h>

#include "provider/match.h"
#include "provider/outcome.h"
#include "provider/reader.h"
#include "provider/template.h"

struct descriptor;

struct param {
	const char *name;
	struct template value;
	struct list omit_if; /* const char * */
	bool has_when;
	struct cond when; /* over variables only */
};

struct request_spec {
	int method; /* index of request_methods */
	struct template path;
	struct list query, form, json, headers; /* struct param */
};

extern const char *const request_methods[];
extern const struct list_of param_list; /* for read_named */

/* What the worker has to send. Everything lives in c->mem. */
struct call {
	enum upstream_op op;
	const char *method;
	const char *url;            /* may hold the secret: never log it */
	const char *shown;          /* the same with the secret masked */
	const struct pair *headers; /* may hold the secret */
	size_t header_count;
	const char *body; /* NULL none */
	size_t body_len;
	int64_t timeout; /* us */
	size_t max_body; /* bytes of the answer */
	bool paid;       /* buys: fresh connection, never sent twice */
};

read_fn read_request; /* struct request_spec */

/* Fill `out`; ERR_BAD_INPUT names the variable that has no value. */
enum err request_build(struct ctx *c, const struct descriptor *d,
    const struct request_spec *spec, const struct values *values,
    const char *base, struct call *out) MUST_CHECK;

#endif
