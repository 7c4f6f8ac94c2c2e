# What is installed beside the programs, below $(pkgdatadir): migrations,
# descriptors, nginx templates and the built web pages.
DATA_DIRS = sql providers nginx
TREE_DIRS = sql scripts providers nginx web t docs bench .ci
TREE_EXCLUDE = --exclude=node_modules --exclude=.next --exclude='*.o' \
	--exclude='*.trs' --exclude='*.log' --exclude=.dirstamp --exclude=.deps

install-data-local:
	@cd $(srcdir) && for d in $(DATA_DIRS); do \
		test -d $$d || continue; \
		find $$d -type f | while read -r f; do \
			$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/$$(dirname $$f)" && \
			$(INSTALL_DATA) "$$f" "$(DESTDIR)$(pkgdatadir)/$$f" || exit 1; \
		done || exit 1; \
	done
	@if test -d $(srcdir)/web/out; then \
		rm -rf "$(DESTDIR)$(pkgdatadir)/web"; \
		$(MKDIR_P) "$(DESTDIR)$(pkgdatadir)/web"; \
		cp -R $(srcdir)/web/out/. "$(DESTDIR)$(pkgdatadir)/web/"; \
	fi

uninstall-local:
	rm -rf "$(DESTDIR)$(pkgdatadir)"

# Whole folders, the built web export included, so that a machine that
# installs from the tarball needs no Node.
dist-hook:
	@to=$$(cd $(distdir) && pwd) && cd $(srcdir) && \
		for d in $(TREE_DIRS); do test ! -d $$d || echo $$d; done | \
		tar $(TREE_EXCLUDE) -cf - -T - | (cd "$$to" && tar -xf -)
	chmod -R u+w $(distdir)
