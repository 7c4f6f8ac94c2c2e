# io - one file per foreign library, the only includer of its header.
noinst_LIBRARIES += libio.a
libio_a_SOURCES = \
	src/io/address.c src/io/address.h \
	src/io/cgi.c src/io/cgi.h \
	src/io/cgi_head.c src/io/cgi_head.h \
	src/io/db.c src/io/db.h \
	src/io/db_conn.c src/io/db_conn.h \
	src/io/db_error.c \
	src/io/db_param.c \
	src/io/db_pool.c \
	src/io/db_row.c \
	src/io/fetch.c src/io/fetch.h \
	src/io/fetch_easy.c src/io/fetch_easy.h \
	src/io/front.c src/io/front.h \
	src/io/httpd.c src/io/httpd.h \
	src/io/js.c src/io/js.h \
	src/io/js_scan.c src/io/js_scan.h \
	src/io/loop.c src/io/loop.h \
	src/io/kv.c src/io/kv.h \
	src/io/kv_link.c src/io/kv_link.h \
	src/io/rules.c src/io/rules.h \
	src/io/schema.h \
	src/io/schema_fault.c \
	src/io/schema_print.c \
	src/io/schema_read.c \
	src/io/schema_value.c src/io/schema_value.h
nodist_libio_a_SOURCES = src/io/queries.c src/io/queries.h
libio_a_CFLAGS = $(AM_CFLAGS) $(PQ_CFLAGS) $(HIREDIS_CFLAGS) $(JSONC_CFLAGS) \
	$(CURL_CFLAGS) $(FCGI_CFLAGS) $(EVENT_CFLAGS)
IO_LIBS = libio.a libbase.a $(PQ_LIBS) $(HIREDIS_LIBS) $(JSONC_LIBS) \
	$(CURL_LIBS) $(FCGI_LIBS) $(EVENT_LIBS)

# The named statements. Always run, because a new file must be seen too; the
# outputs keep their time when nothing changed.
BUILT_SOURCES += src/io/queries.h src/io/queries.c
CLEANFILES += src/io/queries.h src/io/queries.c
src/io/queries.h src/io/queries.c: queries
	@:
queries:
	@$(MKDIR_P) src/io
	@AWK='$(AWK)' $(srcdir)/scripts/gen-queries $(srcdir)/sql/queries src/io
.PHONY: queries
