# Tests of running programs, in TAP. They find the programs in the folder
# where make runs; t/lib has what they share.
T_LOG_COMPILER = $(PERL)
PERL = perl
SYSTEM_TESTS = \
	t/system/accounts.t \
	t/system/ctl.t \
	t/system/roles.t \
	t/system/sandbox.t \
	t/system/sandbox_5sim.t \
	t/system/sandbox_faults.t \
	t/system/sandbox_handler.t \
	t/system/sandbox_herosms.t \
	t/system/sql_buy.t \
	t/system/sql_drift.t \
	t/system/sql_faults.t \
	t/system/sql_ledger.t \
	t/system/sql_migrate.t \
	t/system/sql_model.t \
	t/system/sql_plans.t \
	t/system/sql_prices.t \
	t/system/sql_races.t \
	t/system/sql_refunds.t \
	t/system/sql_roles.t \
	t/system/sql_states.t \
	t/system/sql_wallet.t \
	t/system/wallet.t
TESTS += $(SYSTEM_TESTS)

# What the tests of the front run: built with everything else, because each
# variant of the build (sanitizers) has its own. The tests themselves need
# nginx and take a while: scripts/check runs them. (The whole of t is shipped,
# see scripts/data.mk.)
noinst_PROGRAMS = t/system/front_server t/system/fcgi_load
t_system_front_server_SOURCES = t/system/front_server.c
t_system_front_server_LDADD = $(WEB_LIBS)
t_system_fcgi_load_SOURCES = t/system/fcgi_load.c

print-system-tests:
	@echo $(SYSTEM_TESTS)
.PHONY: print-system-tests
