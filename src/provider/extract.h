/*
 * extract - how one text is taken out of an answer, as data:
 *
 *	{"json":"$.phone", "do":["digits"]}
 *	{"after":":"}                       of the answer's text
 *	{"regex":"^MIN:([0-9.]+)", "group":1}
 *	{"header":"Retry-After", "default":"5"}
 *	{"first":[{"json":"$.physicalCount"}, {"json":"$.count"}]}
 *
 * Source (json, header, var, const, word, text), then one cut (split with
 * index, before, after, regex with group), then "do", "null_if", "map" (what
 * is not in the map stays as it is), "default". Nothing and "" are the same.
 */
#ifndef PROVIDER_EXTRACT_H
#define PROVIDER_EXTRACT_H

#include "provider/path.h"
#include "provider/pattern.h"
#include "provider/reader.h"

struct view;

enum take {
	TAKE_UNSET,
	TAKE_TEXT,
	TAKE_WORD,
	TAKE_JSON,
	TAKE_HEADER,
	TAKE_VAR,
	TAKE_CONST,
	TAKE_FIRST
};

enum cut { CUT_NONE, CUT_SPLIT, CUT_BEFORE, CUT_AFTER, CUT_REGEX };

struct extractor {
	enum take take;
	struct path path;  /* JSON */
	const char *name;  /* HEADER, CONST */
	enum var var;      /* VAR */
	struct list first; /* FIRST: struct extractor */

	enum cut cut;
	const char *mark; /* SPLIT, BEFORE, AFTER */
	int64_t index;    /* SPLIT */
	const struct pattern *pattern;
	int64_t group; /* REGEX */

	struct list does;    /* struct transform * */
	struct list null_if; /* const char * */
	struct list map;     /* struct pair */
	const char *otherwise;
};

read_fn read_extractor; /* struct extractor */

/* The text, never ""; NULL when there is none. Lives in the view's memory. */
const char *extract_text(const struct view *w, const struct extractor *ex);

#endif
