/*
 * vars - what one call is about: the caller's side (struct vars) and the
 * texts that templates, conditions and paths read (struct values).
 */
#ifndef PROVIDER_VARS_H
#define PROVIDER_VARS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

enum var {
#define VAR(code, name) VAR_##code,
#include "provider/vars.def"
#undef VAR
	VAR__MAX
};

/* Filled by the caller; NULL or 0 where the operation does not need it. */
struct vars {
	const char *base; /* replaces the descriptor's base address */
	const char *key;
	const char *service, *country, *operator; /* the upstream's codes */
	const char *dial;
	const char *id;
	const char *ref;
	int64_t max_price; /* micros of the upstream's currency; 0 none */
	int64_t offset;    /* first item of the page */
};

/* NULL or "" is "no value". */
struct values {
	const char *at[VAR__MAX];
};

struct pair {
	const char *name;
	const char *value;
};

bool var_find(const char *name, size_t len, enum var *out);
const char *var_name(enum var v);

/*
 * The texts of `v`: a price without needless zeros, no operator for "any",
 * "all" and "default". LIMIT and PHONE stay empty.
 */
void vars_print(struct arena *mem, const struct vars *v, struct values *out);

#endif
