#include "service/migrate.h"

#include <errno.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/text.h"
#include "store/migrate_store.h"

/* A file of SQL beyond this is a mistake. */
#define FILE_MAX_BYTES (4L << 20)

const char *const migrate_state_names[] = {
    [MIGRATE_WAITING] = "waiting",
    [MIGRATE_APPLIED] = "applied",
    [MIGRATE_CHANGED] = "changed",
    [MIGRATE_UNKNOWN] = "unknown",
    NULL,
};

/* The folders in the order in which they are applied. */
static const struct {
	const char *kind;
	const char *folder;
} kinds[] = {
    {"migration", "migrations"},
    {"functions", "functions"},
    {"seed", "seed"},
};

/* Files on their way through one run. */
struct plan {
	struct list files; /* struct migrate_file */
	struct migrate_file *done;
	size_t done_count;
	size_t at; /* the file or the first of the files to run */
};

static enum err
read_file(struct ctx *c, const char *path, const char **out)
{
	FILE *f = fopen(path, "re");
	struct buf b;
	char part[4096];
	size_t n, all = 0;

	if (f == NULL)
		return fail(c, ERR_NOT_FOUND, "%s: %s", path, strerror(errno));
	buf_init(&b, c->mem);
	while ((n = fread(part, 1, sizeof(part), f)) > 0 &&
	    (all += n) <= FILE_MAX_BYTES)
		buf_add(&b, part, n);
	n = ferror(f) != 0 || all > FILE_MAX_BYTES;
	(void)fclose(f); /* it was only read */
	if (n != 0 || !text_is_utf8(b.at, all))
		return fail(c, ERR_BAD_INPUT, "%s cannot be read", path);
	*out = b.at;
	return OK;
}

static void
free_glob(void *found)
{
	globfree(found);
}

/* Add the files of one folder, in order of their names. */
static enum err
read_folder(
    struct ctx *c, const char *kind, const char *folder, struct buf *files)
{
	glob_t *found = arena_one(c->mem, glob_t);
	const char *pattern = arena_fmt(c->mem, "%s/*.sql", folder);
	int rc = glob(pattern, GLOB_ERR, NULL, found);

	arena_defer(c->mem, free_glob, found);
	if (rc != 0)
		return fail(c, ERR_NOT_FOUND, "no SQL files in %s", folder);
	for (size_t i = 0; i < found->gl_pathc; i++) {
		struct migrate_file f = {.kind = kind};

		f.name = strrchr(found->gl_pathv[i], '/') + 1;
		TRY(read_file(c, found->gl_pathv[i], &f.text));
		TRY(migrate_store_sum(c, f.text, &f.sha256));
		buf_add(files, &f, sizeof(f));
	}
	return OK;
}

static struct migrate_file *
find(const struct list *files, const struct migrate_row *row)
{
	struct migrate_file *f = files->at;

	for (size_t i = 0; i < files->n; i++)
		if (text_eq(f[i].kind, row->kind) &&
		    text_eq(f[i].name, row->name))
			return &f[i];
	return NULL;
}

/* Say of each file what the database knows of it. */
static enum err
compare(struct ctx *c, struct list *files)
{
	const struct migrate_row *row;
	struct list applied;
	struct buf all;

	TRY(migrate_store_list(c, &applied));
	buf_init(&all, c->mem);
	row = applied.at;
	for (size_t i = 0; i < applied.n; i++) {
		struct migrate_file *f = find(files, &row[i]);
		struct migrate_file gone = {.kind = row[i].kind,
		    .name = row[i].name,
		    .text = "",
		    .sha256 = row[i].sha256,
		    .state = MIGRATE_UNKNOWN};

		if (f == NULL)
			buf_add(&all, &gone, sizeof(gone));
		else if (text_eq(f->sha256, row[i].sha256))
			f->state = MIGRATE_APPLIED;
		else
			f->state = MIGRATE_CHANGED;
	}
	buf_add(&all, files->at, files->n * sizeof(struct migrate_file));
	files->at = all.at;
	files->n = all.len / sizeof(struct migrate_file);
	return OK;
}

enum err
migrate_list(struct ctx *c, const char *folder, struct list *out)
{
	struct buf files;

	buf_init(&files, c->mem);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		TRY(read_folder(c, kinds[i].kind,
		    arena_fmt(c->mem, "%s/%s", folder, kinds[i].folder),
		    &files));
	out->at = files.at;
	out->n = files.len / sizeof(struct migrate_file);
	return compare(c, out);
}

/* Nothing may be applied over a past that is not this program's. */
static enum err
check(struct ctx *c, const struct list *files)
{
	const struct migrate_file *f = files->at;
	const char *waiting = NULL;

	for (size_t i = 0; i < files->n; i++) {
		if (!text_eq(f[i].kind, "migration"))
			continue;
		if (f[i].state == MIGRATE_CHANGED)
			return fail(c, ERR_CONFLICT,
			    "%s was applied with another text", f[i].name);
		if (f[i].state == MIGRATE_UNKNOWN)
			return fail(c, ERR_CONFLICT,
			    "%s was applied by newer programs", f[i].name);
		if (f[i].state == MIGRATE_WAITING)
			waiting = f[i].name;
		else if (waiting != NULL)
			return fail(c, ERR_CONFLICT,
			    "%s should have been before %s, which was applied",
			    waiting, f[i].name);
	}
	return OK;
}

/* Is it, after another may have been quicker, still to do? */
static enum err
look_again(struct ctx *c, const struct migrate_file *f, bool *is_done)
{
	const struct migrate_row *row;
	struct list applied;

	*is_done = false;
	TRY(migrate_store_list(c, &applied));
	row = applied.at;
	for (size_t i = 0; i < applied.n; i++)
		if (text_eq(row[i].kind, f->kind) &&
		    text_eq(row[i].name, f->name))
			*is_done = text_eq(row[i].sha256, f->sha256);
	return OK;
}

static enum err
run_file(struct ctx *c, const struct migrate_file *f)
{
	struct migrate_row row = {
	    .kind = f->kind, .name = f->name, .sha256 = f->sha256};
	enum err e = migrate_store_run(c, &row, f->text);

	if (e != OK)
		return fail(c, e, "%s: %s", f->name,
		    c->err_why != NULL ? c->err_why : "failed");
	return OK;
}

/* One file, alone. */
static enum err
run_one(struct ctx *c, void *arg)
{
	struct plan *p = arg;
	const struct migrate_file *f = p->files.at;
	bool is_done;

	f += p->at;
	TRY(look_again(c, f, &is_done));
	return is_done ? OK : run_file(c, f);
}

/* All files of the kind of the one at `at`, together. */
static enum err
run_kind(struct ctx *c, void *arg)
{
	struct plan *p = arg;
	const struct migrate_file *f = p->files.at;
	const char *kind = f[p->at].kind;

	for (size_t i = 0; i < p->files.n; i++)
		if (text_eq(f[i].kind, kind) && f[i].state != MIGRATE_UNKNOWN)
			TRY(run_file(c, &f[i]));
	return OK;
}

static bool
is_wanted(const struct migrate_file *f)
{
	return f->state == MIGRATE_WAITING || f->state == MIGRATE_CHANGED;
}

static enum err
apply(struct ctx *c, struct plan *p)
{
	const struct migrate_file *f = p->files.at;
	bool functions = false; /* they have been applied in this run */

	for (p->at = 0; p->at < p->files.n; p->at++) {
		if (!is_wanted(&f[p->at]))
			continue;
		p->done[p->done_count++] = f[p->at];
		if (!text_eq(f[p->at].kind, "functions"))
			TRY(migrate_store_alone(c, run_one, p));
		else if (!functions)
			TRY(migrate_store_alone(c, run_kind, p));
		functions |= text_eq(f[p->at].kind, "functions");
	}
	return OK;
}

enum err
migrate_up(struct ctx *c, const char *folder, struct list *out)
{
	struct plan p = {0};

	TRY(migrate_list(c, folder, &p.files));
	TRY(check(c, &p.files));
	p.done = arena_many(c->mem, struct migrate_file, p.files.n + 1);
	TRY(apply(c, &p));
	out->at = p.done;
	out->n = p.done_count;
	return OK;
}
