# io: Redis, event loop, HTTP client
check_PROGRAMS += t/unit/io/kv_test
t_unit_io_kv_test_SOURCES = t/unit/io/kv_test.c
t_unit_io_kv_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_kv_test_LDADD = $(IO_TEST_LIBS)

# db is tested with statements of its own: its sources are compiled against
# a second queries.h.
DB_SOURCES = src/io/db.c src/io/db_conn.c src/io/db_error.c \
	src/io/db_param.c src/io/db_pool.c src/io/db_row.c
DB_TEST_CPPFLAGS = -I$(builddir)/t/unit/gen $(AM_CPPFLAGS)
DB_TEST_CFLAGS = $(TEST_CFLAGS) $(PQ_CFLAGS)
BUILT_SOURCES += t/unit/gen/io/queries.h t/unit/gen/io/queries.c
CLEANFILES += t/unit/gen/io/queries.h t/unit/gen/io/queries.c
EXTRA_DIST += t/unit/io/db_sql
t/unit/gen/io/queries.h t/unit/gen/io/queries.c: test-queries
	@:
test-queries:
	@$(MKDIR_P) t/unit/gen/io
	@AWK='$(AWK)' $(srcdir)/scripts/gen-queries $(srcdir)/t/unit/io/db_sql \
		t/unit/gen/io
.PHONY: test-queries

DB_TEST_SOURCES = $(DB_SOURCES) t/unit/io/db_fixture.c t/unit/io/db_fixture.h

check_PROGRAMS += t/unit/io/db_test
t_unit_io_db_test_SOURCES = t/unit/io/db_test.c $(DB_TEST_SOURCES)
nodist_t_unit_io_db_test_SOURCES = t/unit/gen/io/queries.c
t_unit_io_db_test_CPPFLAGS = $(DB_TEST_CPPFLAGS)
t_unit_io_db_test_CFLAGS = $(DB_TEST_CFLAGS)
t_unit_io_db_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/db_tx_test
t_unit_io_db_tx_test_SOURCES = t/unit/io/db_tx_test.c $(DB_TEST_SOURCES)
nodist_t_unit_io_db_tx_test_SOURCES = t/unit/gen/io/queries.c
t_unit_io_db_tx_test_CPPFLAGS = $(DB_TEST_CPPFLAGS)
t_unit_io_db_tx_test_CFLAGS = $(DB_TEST_CFLAGS)
t_unit_io_db_tx_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/db_fault_test
t_unit_io_db_fault_test_SOURCES = t/unit/io/db_fault_test.c $(DB_TEST_SOURCES)
nodist_t_unit_io_db_fault_test_SOURCES = t/unit/gen/io/queries.c
t_unit_io_db_fault_test_CPPFLAGS = $(DB_TEST_CPPFLAGS)
t_unit_io_db_fault_test_CFLAGS = $(DB_TEST_CFLAGS)
t_unit_io_db_fault_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/address_test
t_unit_io_address_test_SOURCES = t/unit/io/address_test.c
t_unit_io_address_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_address_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/fetch_test
t_unit_io_fetch_test_SOURCES = t/unit/io/fetch_test.c
t_unit_io_fetch_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_fetch_test_LDADD = $(IO_TEST_LIBS)

TESTS += t/unit/io/gen_queries.t
EXTRA_DIST += t/unit/io/gen_queries.t
