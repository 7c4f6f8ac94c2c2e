/* migrate - bring the database to the form these programs want. */
#include <stdio.h>

#include "bin/ctl.h"
#include "conf/conf.h"
#include "io/db.h"
#include "service/migrate.h"

/* A migration may take long; its locks do not (migrate_store_alone). */
#define MIGRATE_TIMEOUT_MS 600000

static enum err
migrate(struct ctx *c, int argc, char **argv,
    enum err (*run)(struct ctx *c, const char *folder, struct list *out),
    const char *none)
{
	const char *folder = argc > 0 ? argv[0] : NUMLEASE_DATADIR "/sql";
	const struct migrate_file *f;
	struct list files = {0};
	enum err e;

	if (argc > 1)
		return fail(c, ERR_BAD_REQUEST, "one folder at most");
	TRY(db_pool_open(
	    c, c->conf->database_conninfo, 1, MIGRATE_TIMEOUT_MS, &c->pg));
	e = run(c, folder, &files);
	f = files.at;
	for (size_t i = 0; e == OK && i < files.n; i++)
		(void)printf("%-9s %-24s %s\n", f[i].kind, f[i].name,
		    run == migrate_up ? "done" :
					migrate_state_names[f[i].state]);
	if (e == OK && files.n == 0)
		(void)printf("%s\n", none);
	db_pool_close(&c->pg);
	return e;
}

enum err
ctl_migrate_up(struct ctx *c, int argc, char **argv)
{
	return migrate(c, argc, argv, migrate_up, "nothing to do");
}

enum err
ctl_migrate_status(struct ctx *c, int argc, char **argv)
{
	return migrate(c, argc, argv, migrate_list, "no files");
}
