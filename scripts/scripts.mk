# Gates: each is a script of its own, all run by `make check`.
GATES = check-layers check-size check-banned check-headers check-sql

$(GATES):
	@cd $(srcdir) && CC="$(CC)" BUILD="$(abs_builddir)" CPPFLAGS="$(PQ_CFLAGS)" scripts/$@
gates: $(GATES)
check-local: gates check-routes
check-routes: numleasectl$(EXEEXT)
	@$(srcdir)/scripts/check-routes .
# For the operator, beside the templates that it fills.
dist_pkgdata_SCRIPTS = scripts/nginx-conf scripts/csp-hashes

# What this machine does; see scripts/bench.
bench: all
	@$(srcdir)/scripts/bench
# The long forms of tests that are short in scripts/check; TEST_SCALE lengthens
# them. The crash test needs an installation, named by NUMLEASE_APP.
TEST_SCALE = 1
crash-long:
	cd $(srcdir) && NUMLEASE_KILLS=$$((300 * $(TEST_SCALE))) perl t/crash/crash.t
model-long:
	cd $(srcdir) && SQL_STEPS=$$((2000 * $(TEST_SCALE))) t/system/sql_model.t
# Take safeguards away, one at a time; a test must notice each.
mutants:
	@$(srcdir)/scripts/mutants
format:
	cd $(srcdir) && scripts/format
.PHONY: $(GATES) gates check-routes bench crash-long model-long mutants format
