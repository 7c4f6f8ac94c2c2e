/*
 * match - when a rule applies, as data:
 *
 *	{"status":429} {"status":[500,599]} a range  {"status":{"in":[400,404]}}
 *	{"text":"eq|prefix|in|regex", "value":...}   the trimmed body
 *	{"text":"empty"}
 *	{"word":"BAD_KEY"} {"word":["A","B"]}        the upstream's error word
 *	{"json":"$.id", "exists":true} or eq, in, prefix, regex, empty, type
 *	{"header":"X-Price", "exists":true} or eq, in, prefix, regex
 *	{"var":"operator", "eq":"any"} or in, not_in
 *	{"all":[...]} {"any":[...]} {"not":{...}}
 *
 * Text, words and headers are compared without regard to case.
 */
#ifndef PROVIDER_MATCH_H
#define PROVIDER_MATCH_H

#include <stdbool.h>

#include "provider/path.h"
#include "provider/pattern.h"
#include "provider/reader.h"

struct view;

enum cond_on {
	ON_NOTHING,
	ON_STATUS,
	ON_TEXT,
	ON_WORD,
	ON_JSON,
	ON_HEADER,
	ON_VAR,
	ON_ALL,
	ON_ANY,
	ON_NOT
};

enum cond_test {
	TEST_NONE,
	TEST_IN, /* also eq */
	TEST_NOT_IN,
	TEST_PREFIX,
	TEST_REGEX,
	TEST_EXISTS,
	TEST_EMPTY,
	TEST_TYPE
};

struct cond {
	enum cond_on on;
	enum cond_test test;
	struct list parts;  /* ALL, ANY, NOT: struct cond */
	struct path path;   /* JSON */
	const char *header; /* HEADER */
	enum var var;       /* VAR */
	struct list values; /* IN, NOT_IN, PREFIX: const char * */
	const struct pattern *pattern;
	bool wanted;        /* EXISTS, EMPTY */
	int type;           /* TYPE: index of the word */
	struct list ranges; /* STATUS: struct range */
};

read_fn read_cond; /* struct cond */

bool match_holds(const struct view *w, const struct cond *cond);

/* True when some part of it looks at the status. */
bool match_names_status(const struct cond *cond);

#endif
