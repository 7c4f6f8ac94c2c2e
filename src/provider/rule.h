/*
 * rule - "when this holds, the answer means that", as data:
 *
 *	{"if":{"word":"NO_NUMBERS"}, "error":"no_numbers"}
 *	{"if":{"text":"prefix","value":"STATUS_OK:"}, "state":"received",
 *	 "messages":[{"code":{"after":":"}}]}
 *	{"if":{"json":"$.id","exists":true}, "ok":{"id":{"json":"$.id"}}}
 *
 * Rules are ordered, the first that holds decides. "error" and "state" may
 * carry "set"; the fields are those of fill.c. "definite":true says that a
 * purchase answered with 5xx was refused for certain (see engine.c).
 */
#ifndef PROVIDER_RULE_H
#define PROVIDER_RULE_H

#include <stdbool.h>

#include "provider/extract.h"
#include "provider/match.h"
#include "provider/outcome.h"
#include "provider/reader.h"

struct fill_field;

/* One field of the outcome and where its value comes from. */
struct set {
	const char *name;
	const struct fill_field *field;
	struct extractor from;
};

/* What a message is made of; extractors without a source give nothing. */
struct message_spec {
	bool has_each;
	struct path each; /* one message per value there */
	struct extractor id, sender, text, code, at;
};

enum rule_says { SAYS_NOTHING, SAYS_FAULT, SAYS_STATE, SAYS_OK };

struct rule {
	struct cond when;
	enum rule_says says;
	enum upstream_fault fault;
	enum upstream_state state;
	struct list set;      /* struct set */
	struct list messages; /* struct message_spec */
	bool definite;
	bool names_status;
	const char *place; /* in the descriptor, for logs */
};

extern const struct list_of rule_list;    /* of struct rule */
extern const struct list_of set_list;     /* of struct set, for read_named */
extern const struct list_of message_list; /* of struct message_spec */

#endif
