# The manual. numlease.conf(5) and the example file are printed from the table
# of settings, so that they cannot differ from it.
dist_man_MANS = man/numlease-api.8 man/numlease-sandbox.8 \
	man/numlease-worker.8 man/numleasectl.8
nodist_man_MANS = man/numlease.conf.5
nodist_pkgdata_DATA = numlease.conf.example
CLEANFILES += man/numlease.conf.5 numlease.conf.example

man/numlease.conf.5: numleasectl$(EXEEXT)
	$(AM_V_GEN)$(MKDIR_P) man && ./numleasectl config man >$@.tmp && mv $@.tmp $@
numlease.conf.example: numleasectl$(EXEEXT)
	$(AM_V_GEN)./numleasectl config example >$@.tmp && mv $@.tmp $@

check-man: numleasectl$(EXEEXT) man/numlease.conf.5
	@$(srcdir)/scripts/check-man .
check-local: check-man
.PHONY: check-man
