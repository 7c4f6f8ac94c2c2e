# Tests of running programs, in TAP. They find the programs in the folder
# where make runs; t/lib has what they share.
T_LOG_COMPILER = $(PERL)
PERL = perl
SYSTEM_TESTS = \
	t/system/accounts.t \
	t/system/ctl.t \
	t/system/sandbox.t \
	t/system/sandbox_5sim.t \
	t/system/sandbox_faults.t \
	t/system/sandbox_handler.t \
	t/system/sandbox_herosms.t \
	t/system/sql_buy.t \
	t/system/sql_ledger.t \
	t/system/sql_migrate.t \
	t/system/sql_model.t \
	t/system/sql_plans.t \
	t/system/sql_races.t \
	t/system/sql_roles.t \
	t/system/sql_states.t
TESTS += $(SYSTEM_TESTS)
EXTRA_DIST += $(SYSTEM_TESTS) t/lib t/system/sql.sh t/system/sql_world.sql \
	t/system/sql_matrix.sql t/system/sql_model.sql t/system/sql_mutants \
	t/golden/matrix.txt

# What the tests of the front run: built with everything else, because each
# variant of the build (sanitizers) has its own. The tests themselves need
# nginx and take a while: scripts/check runs them.
noinst_PROGRAMS = t/system/front_server t/system/fcgi_load
t_system_front_server_SOURCES = t/system/front_server.c
t_system_front_server_LDADD = $(WEB_LIBS)
t_system_fcgi_load_SOURCES = t/system/fcgi_load.c
EXTRA_DIST += t/tsan.supp t/system/docs.t t/system/faults.t t/system/front.t \
	t/system/lease.t t/system/nginx.t t/system/reload.t \
	t/system/restart.t t/system/roundtrip.t t/system/webhook.t

print-system-tests:
	@echo $(SYSTEM_TESTS)
.PHONY: print-system-tests
EXTRA_DIST += t/system/front.t t/system/nginx.t t/system/docs.t t/system/roundtrip.t
EXTRA_DIST += t/system/front.t t/system/nginx.t t/system/handler_api.t \
	t/system/compat_hero.t t/compat/.npmrc t/compat/hero.cjs \
	t/compat/package.json t/compat/package-lock.json
