#include "conf/conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/law.h"
#include "base/text.h"
#include "conf/setting.h"

#define FILE_MAX   262144
#define SECRET_MAX 4096
#define ENV_PREFIX "NUMLEASE_"
#define FILE_TAIL  "_file"

/* What one load carries along. */
struct loader {
	struct ctx *c;
	struct conf *conf;
	const char *place; /* "file:line" or what else is being read */
	const char **seen; /* per setting: where this layer set it */
	struct buf faults;
};

static void
fault(struct loader *l, const char *name, const char *rule)
{
	buf_fmt(&l->faults, "%s: %s: %s\n", l->place, name, rule);
}

static size_t
row_index(const struct setting *s)
{
	return (size_t)(s - setting_at(0));
}

/* Each layer names a setting once; a later layer may name it again. */
static bool
first_time(struct loader *l, const struct setting *s, const char *name)
{
	const char **at = &l->seen[row_index(s)];

	if (*at != NULL) {
		fault(l, name,
		    arena_fmt(l->c->mem, "is set twice, first at %s", *at));
		return false;
	}
	*at = l->place;
	return true;
}

static void
apply(struct loader *l, const struct setting *s, const char *name,
    const char *text)
{
	const char *rule = setting_set(l->c->mem, s, l->conf, text);

	if (rule != NULL)
		fault(l, name, rule);
}

static void
apply_file(struct loader *l, const struct setting *s, const char *name,
    const char *path)
{
	const char *text;
	size_t len;

	if (file_read(l->c, path, SECRET_MAX, &text, &len) != OK) {
		fault(l, name, l->c->err_why);
		ctx_forgive(l->c);
		return;
	}
	if (strlen(text) != len)
		fault(l, name, "the file must be text");
	else if (file_is_open_to_all(path))
		fault(l, name, "the file must not be open to all (chmod o=)");
	else
		apply(l, s, name, text_trim(l->c->mem, text));
}

static void
unknown(struct loader *l, const char *name)
{
	const char *near = setting_near(name);

	fault(l, name,
	    near == NULL ? "there is no such setting" :
			   arena_fmt(l->c->mem,
			       "there is no such setting; is it %s?", near));
}

/* The secret that `name` gives a file for, or NULL. */
static const struct setting *
find_by_file(struct loader *l, const char *name)
{
	const struct setting *s;

	if (!text_ends(name, FILE_TAIL))
		return NULL;
	s = setting_find(
	    arena_strndup(l->c->mem, name, strlen(name) - strlen(FILE_TAIL)));
	return s != NULL && s->secret ? s : NULL;
}

static void
assign(struct loader *l, const char *name, const char *text)
{
	const struct setting *s = setting_find(name);
	const struct setting *by_file =
	    s == NULL ? find_by_file(l, name) : NULL;

	if (s != NULL && first_time(l, s, name))
		apply(l, s, name, text);
	else if (by_file != NULL && first_time(l, by_file, name))
		apply_file(l, by_file, name, text);
	else if (s == NULL && by_file == NULL)
		unknown(l, name);
}

/* "name = value"; blank lines and those that start with # say nothing. */
static void
read_line(struct loader *l, const char *line)
{
	const char *equals = strchr(line, '=');

	if (line[0] == '\0' || line[0] == '#')
		return;
	if (equals == NULL) {
		fault(l, line, "must be written as name = value");
		return;
	}
	assign(l,
	    text_trim(l->c->mem,
		arena_strndup(l->c->mem, line, (size_t)(equals - line))),
	    text_trim(l->c->mem, equals + 1));
}

static void
layer_start(struct loader *l, const char *place)
{
	l->place = place;
	l->seen = arena_many(l->c->mem, const char *, setting_count());
}

static void
read_conf_file(struct loader *l, const char *path)
{
	const char *text;
	size_t len;
	unsigned number = 0;

	layer_start(l, path);
	if (file_read(l->c, path, FILE_MAX, &text, &len) != OK) {
		buf_fmt(&l->faults, "%s\n", l->c->err_why);
		ctx_forgive(l->c);
		return;
	}
	if (strlen(text) != len) {
		buf_fmt(&l->faults, "%s: must be text\n", path);
		return;
	}
	while (*text != '\0') {
		size_t n = strcspn(text, "\n");
		char *line = arena_strndup(l->c->mem, text, n);

		l->place = arena_fmt(l->c->mem, "%s:%u", path, ++number);
		read_line(l, text_trim(l->c->mem, line));
		text += n + (text[n] == '\n');
	}
}

/* The name in the file for what follows NUMLEASE_ in the environment. */
static const char *
name_of_env(struct loader *l, const char *env)
{
	const struct setting *s;

	for (size_t i = 0; (s = setting_at(i)) != NULL; i++) {
		if (text_eq_ci(env, s->env))
			return s->name;
		if (s->secret && text_starts_ci(env, s->env) &&
		    text_eq_ci(env + strlen(s->env), FILE_TAIL))
			return arena_fmt(l->c->mem, "%s" FILE_TAIL, s->name);
	}
	return NULL;
}

/*
 * The setting that an unknown variable was meant to be, or NULL when it is
 * not one at all: scripts and mains have NUMLEASE_ variables of their own.
 */
static const char *
meant_by_env(struct loader *l, const char *env)
{
	char *name = text_lower(l->c->mem, env);
	char *line = strchr(name, '_');

	if (line == NULL)
		return NULL;
	*line = '.';
	return setting_near(name);
}

static void
read_variable(struct loader *l, const char *env, const char *text)
{
	const char *name = name_of_env(l, env);
	const char *meant = name == NULL ? meant_by_env(l, env) : NULL;

	l->place = "environment";
	if (name != NULL)
		assign(l, name, text);
	else if (meant != NULL)
		fault(l, arena_fmt(l->c->mem, ENV_PREFIX "%s", env),
		    arena_fmt(l->c->mem, "there is no such setting; is it %s?",
			meant));
}

static void
read_environment(struct loader *l)
{
	layer_start(l, "environment");
	for (char **e = environ; *e != NULL; e++) {
		const char *equals = strchr(*e, '=');
		const char *env = *e + strlen(ENV_PREFIX);

		if (text_starts(*e, ENV_PREFIX) && equals != NULL)
			read_variable(l,
			    arena_strndup(
				l->c->mem, env, (size_t)(equals - env)),
			    equals + 1);
	}
}

static void
read_credentials(struct loader *l)
{
	const char *dir = secure_getenv("CREDENTIALS_DIRECTORY");
	const struct setting *s;

	if (text_is_empty(dir))
		return;
	layer_start(l, dir);
	for (size_t i = 0; (s = setting_at(i)) != NULL; i++) {
		const char *path = arena_fmt(l->c->mem, "%s/%s", dir, s->name);

		if (s->secret && access(path, F_OK) == 0)
			apply_file(l, s, s->name, path);
	}
}

void
conf_defaults(struct ctx *c, struct conf *out)
{
	const struct setting *s;

	*out = (struct conf){0};
	for (size_t i = 0; (s = setting_at(i)) != NULL; i++) {
		law(setting_set(c->mem, s, out, s->initial) == NULL);
	}
}

const char *
conf_path(const char *path)
{
	const char *env = secure_getenv(ENV_PREFIX "CONF");

	if (path != NULL)
		return path;
	return env != NULL ? env :
			     NUMLEASE_SYSCONFDIR "/numlease/numlease.conf";
}

enum err
conf_load(struct ctx *c, const char *path, const struct conf **out,
    const char **faults)
{
	struct loader l = {.c = c, .conf = arena_one(c->mem, struct conf)};

	path = conf_path(path);
	buf_init(&l.faults, c->mem);
	conf_defaults(c, l.conf);
	if (*path != '\0')
		read_conf_file(&l, path);
	read_environment(&l);
	read_credentials(&l);
	*faults = l.faults.at;
	*out = l.conf;
	return l.faults.len == 0 ?
	    OK :
	    fail(c, ERR_BAD_INPUT, "the settings are not valid");
}

enum err
conf_open(struct ctx *c, const char *path)
{
	const char *faults;
	enum err e = conf_load(c, path, &c->conf, &faults);

	if (e != OK)
		(void)fputs(faults, stderr);
	return e;
}

const char *
conf_needs_restart(
    struct ctx *c, const struct conf *before, const struct conf *after)
{
	const struct setting *s;
	struct buf names;

	buf_init(&names, c->mem);
	for (size_t i = 0; (s = setting_at(i)) != NULL; i++)
		if (s->when == SETTING_RESTART &&
		    !text_eq(setting_print(c->mem, s, before),
			setting_print(c->mem, s, after)))
			buf_fmt(
			    &names, "%s%s", names.len > 0 ? " " : "", s->name);
	return names.len > 0 ? names.at : NULL;
}
