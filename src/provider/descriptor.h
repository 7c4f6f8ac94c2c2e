/*
 * descriptor - how to talk to one kind of upstream, as data. A JSON file
 * <dir>/<id>.json, read strictly and compiled once; "extends" names another
 * file whose members it inherits (merge.h). A new upstream is a file and its
 * fixtures, no C.
 *
 * Members: schema id extends note currency http auth limits vars phone time
 * rules ops. See rule.h, match.h, extract.h, request.h for their parts.
 */
#ifndef PROVIDER_DESCRIPTOR_H
#define PROVIDER_DESCRIPTOR_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ctx.h"
#include "provider/extract.h"
#include "provider/outcome.h"
#include "provider/request.h"
#include "provider/rule.h"
#include "provider/template.h"
#include "provider/vars.h"
#include "provider/when.h"

struct http_spec {
	struct list base; /* const char *: addresses, the first is used */
	int64_t timeout_ms;
	int64_t max_body;
	struct list headers; /* struct param */
};

enum auth_place { AUTH_QUERY, AUTH_HEADER, AUTH_FORM, AUTH_JSON };

struct auth_spec {
	int type;  /* static: the key itself */
	int place; /* enum auth_place */
	const char *name;
	struct template format;
};

/* What the upstream bears; 0 is no limit. */
struct limits_spec {
	int64_t rps, buy_rps; /* calls per second */
	int64_t concurrency;  /* calls at once */
	/* Notes only: */
	int64_t min_interval_ms;
	int64_t poll_ms, batch_poll_ms; /* shortest time between polls */
};

enum var_native { NATIVE_TEXT, NATIVE_INT };

struct var_spec {
	const char *name;
	enum var var;
	const char *map; /* the mapping of our codes to theirs; NULL none */
	int native;      /* enum var_native */
	const char *otherwise; /* what is sent for no wish; NULL nothing */
};

struct rules_spec {
	struct extractor word; /* the error word of an answer */
	struct list errors;    /* struct rule, tried after an op's own */
	bool unquote;          /* a JSON string is its content */
	bool unwrap_html;      /* JSON may stand in a page */
};

/* Items of list_active and poll_batch. */
struct items_spec {
	bool present;
	struct path at;
	int use; /* op whose rules, set and messages read an item; -1 own */
	struct list rules, set, messages;
};

enum walk_role {
	WALK_SERVICE,
	WALK_COUNTRY,
	WALK_OPERATOR,
	WALK_COST,
	WALK_ANY
};

#define WALK_MAX 4

/* Price lists: nested objects whose keys mean `levels`. */
struct walk_spec {
	bool present;
	struct path at;
	int levels[WALK_MAX]; /* enum walk_role */
	size_t level_count;
	struct extractor cost, stock;
	struct extractor rate; /* percent of orders that bring a code */
	struct list skip_keys; /* const char * */
};

/*
 * How a purchase without a known outcome is found again. By HISTORY or
 * BALANCE one at a time: what is seen cannot be told from another purchase.
 */
struct reconcile_spec {
	bool present;
	int op; /* LIST_ACTIVE or HISTORY, which list orders, or BALANCE */
	bool match_service, match_country, match_operator;
	int64_t before_s; /* the order may seem older than our call */
	int64_t keeps_s;  /* how long after its sale an order is listed */
};

struct op_spec {
	bool present;
	struct request_spec request;
	struct list rules;    /* struct rule */
	struct list set;      /* struct set, of every success */
	struct list messages; /* struct message_spec, of every success */
	struct items_spec items;
	int64_t page_size; /* of lists; 0 is not paged */
	struct walk_spec walk;
	struct reconcile_spec reconcile;
	int64_t not_before_s; /* cancel: seconds after the purchase */
};

struct descriptor {
	int64_t schema; /* version of this language */
	const char *id;
	const char *extends;
	const char *currency; /* unless the answer says another */
	struct http_spec http;
	struct auth_spec auth;
	struct limits_spec limits;
	struct list vars; /* struct var_spec */
	bool has_phone;
	struct template phone; /* how {phone} becomes international */
	struct when time;
	struct rules_spec rules;
	struct op_spec ops[OP__MAX];
};

/*
 * Load <dir>/<id>.json into c->mem, which must live as long as *out.
 * ERR_NOT_FOUND no such file; ERR_BAD_INPUT with path and rule in
 * c->err_why and c->faults; ERR_BAD_REQUEST when it is not strict JSON.
 */
enum err descriptor_load(struct ctx *c, const char *dir, const char *id,
    const struct descriptor **out) MUST_CHECK;

/* The same from a text that is not a file yet; bases are looked up in dir. */
enum err descriptor_parse(struct ctx *c, const char *dir, const char *text,
    size_t len, const struct descriptor **out) MUST_CHECK;

#endif
