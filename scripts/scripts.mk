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

# What this machine does; see scripts/bench. BENCH_OUT: all samples, a line of
# JSON each.
BENCH_OUT = bench.jsonl
bench: all
	@BENCH_OUT=$(BENCH_OUT) $(srcdir)/scripts/bench
# The long forms of what is short in scripts/check, see docs/testing.md. SCALE
# lengthens them. Those of the whole system need an installation, named by
# NUMLEASE_APP; the time of each on two cores is behind it.
SCALE = 1
LONG = model-long ledger-long matrix-long duplicates-long races-long \
	faults-long refunds-long crash-long
IN_TREE = cd $(srcdir) &&
model-long: # G1, 6 min
	$(IN_TREE) SQL_STEPS=$$((2000 * $(SCALE))) SQL_USERS=16 t/system/sql_model.t
ledger-long: # G2, 5 min
	$(IN_TREE) NUMLEASE_SECONDS=$$((300 * $(SCALE))) NUMLEASE_CLIENTS=16 \
		perl t/crash/ledger.t
matrix-long: # G3, 6 min
	$(IN_TREE) NUMLEASE_MATRIX=all NUMLEASE_ROUNDS=$$((2 * $(SCALE))) \
		perl t/system/matrix.t
duplicates-long: # G5, G7, 3 min
	$(IN_TREE) NUMLEASE_KEYS=$$((1000 * $(SCALE))) perl t/system/gates.t
races-long: # G7, 1 min
	$(IN_TREE) SQL_ROUNDS=$$((10 * $(SCALE))) t/system/sql_races.t
faults-long: # G9, 3 min
	$(IN_TREE) SQL_ORDERS=$$((2000 * $(SCALE))) t/system/sql_faults.t
refunds-long: # G10, 2 min
	$(IN_TREE) SQL_ORDERS=$$((10000 * $(SCALE))) t/system/sql_refunds.t
crash-long: # G4, 25 min
	$(IN_TREE) NUMLEASE_KILLS=$$((300 * $(SCALE))) perl t/crash/crash.t
gates-long:
	@test -n "$$NUMLEASE_APP" || { \
		echo "gates-long: NUMLEASE_APP has to name an installation"; exit 2; }
	@failed=; for t in $(LONG); do \
		echo "== $$t"; from=$$(date +%s); \
		$(MAKE) -s $$t || failed="$$failed $$t"; \
		echo "== $$t took $$(($$(date +%s) - from)) s"; \
	done; test -z "$$failed" || { echo "failed:$$failed"; exit 1; }
# Take safeguards away, one at a time; a test must notice each.
mutants:
	@$(srcdir)/scripts/mutants
format:
	cd $(srcdir) && scripts/format
.PHONY: $(GATES) gates check-routes bench gates-long $(LONG) mutants format
