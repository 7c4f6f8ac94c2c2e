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
format:
	cd $(srcdir) && scripts/format
.PHONY: $(GATES) gates check-routes bench format
