/*
 * conf - the settings of this process, read once and never written again.
 *
 * Layers, later ones win: defaults, the file, the environment
 * (NUMLEASE_DATABASE_POOL_SIZE), credential files ($CREDENTIALS_DIRECTORY,
 * named as the setting). Unknown names, wrong types and values out of bounds
 * are refused, all of them at once, each as "place: name: rule".
 *
 *	if (conf_open(&c, path) != OK)
 *		return EX_CONFIG;
 *	... c.conf->database_pool_size ...
 */
#ifndef CONF_CONF_H
#define CONF_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ctx.h"

/* The C type of each setting type; units are told in settings.def. */
#define CONF_TEXT    const char *
#define CONF_INT     int
#define CONF_BOOL    bool
#define CONF_ENUM    int
#define CONF_TIME    int64_t
#define CONF_SIZE    size_t
#define CONF_PERCENT int
#define CONF_MONEY   int64_t

struct conf {
#define SETTING(section, key, type, ...) CONF_##type section##_##key;
#include "conf/settings.def"
#undef SETTING
};

/*
 * Read the settings into c->mem. `path` NULL means $NUMLEASE_CONF, or the
 * file of this installation; an empty path means no file. ERR_BAD_INPUT with
 * *faults: one line per fault, each ending in a newline.
 */
enum err conf_load(struct ctx *c, const char *path, const struct conf **out,
    const char **faults) MUST_CHECK;

/* The same into c->conf, for a main: the faults go to standard error. */
enum err conf_open(struct ctx *c, const char *path) MUST_CHECK;

/* The defaults alone. For tests. */
void conf_defaults(struct ctx *c, struct conf *out);

/* The file that conf_load() takes for `path`. */
const char *conf_path(const char *path);

/*
 * Names of settings that differ between the two and are taken over only by a
 * restart, separated by blanks; NULL when there is none.
 */
const char *conf_needs_restart(
    struct ctx *c, const struct conf *before, const struct conf *after);

#endif
