/*
 * setting - the rows of settings.def, and a value as text. What is printed
 * is in the same syntax that is read.
 */
#ifndef CONF_SETTING_H
#define CONF_SETTING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct conf;

enum setting_type {
	SETTING_TEXT,
	SETTING_INT,
	SETTING_BOOL,
	SETTING_ENUM,
	SETTING_TIME,
	SETTING_SIZE,
	SETTING_PERCENT,
	SETTING_MONEY
};

enum setting_when { SETTING_RELOAD, SETTING_RESTART };

struct setting {
	const char *name;    /* "section.key" */
	const char *env;     /* "SECTION_KEY" in lower case */
	const char *initial; /* the default, as it is written in the file */
	const char *text;    /* one or two sentences for the manual */
	size_t offset;       /* of the member of struct conf */
	int64_t lo, hi;      /* inclusive, in the unit of the member */
	const char *const *words; /* ENUM: names, ended by NULL */
	/* The rule that `text` breaks, or NULL. */
	const char *(*check)(const char *text);
	enum setting_type type;
	enum setting_when when;
	bool secret;
};

/* Row `i`, NULL behind the last. */
const struct setting *setting_at(size_t i);
size_t setting_count(void);

/* The row of that name, or NULL. */
const struct setting *setting_find(const char *name);

/* The name most like an unknown one, or NULL when none is near. */
const char *setting_near(const char *name);

/*
 * Read `text` into the member; NULL when it was taken, else the rule it
 * breaks ("must be ..."). TEXT values are copied into `mem`.
 */
const char *setting_set(struct arena *mem, const struct setting *s,
    struct conf *conf, const char *text);

/* The value as it would be written in the file; a secret in clear. */
const char *setting_print(
    struct arena *mem, const struct setting *s, const struct conf *conf);

/* "duration, 50ms to 5m": the type and its bounds in words. */
const char *setting_domain(struct arena *mem, const struct setting *s);

#endif
