# One program per source file under test, t/unit/<room>/<file>_test.c; each
# links only its room and what that room may include.
TEST_EXTENSIONS = .t
LOG_DRIVER = env AM_TAP_AWK='$(AWK)' $(SHELL) $(top_srcdir)/build-aux/tap-driver.sh
T_LOG_DRIVER = $(LOG_DRIVER)
noinst_LIBRARIES += libharness.a
libharness_a_SOURCES = t/harness/suite.c t/harness/suite.h \
	t/harness/fcgi_client.c t/harness/fcgi_client.h \
	t/harness/logbook.c t/harness/logbook.h \
	t/harness/scratch.c t/harness/scratch.h \
	t/harness/raw_server.c t/harness/raw_server.h \
	t/harness/scratch_dir.c t/harness/scratch_dir.h \
	t/harness/scratch_proc.c t/harness/scratch_proc.h \
	t/harness/scratch_redis.c t/harness/scratch_redis.h
libharness_a_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS) $(PQ_CFLAGS)
HARNESS = libharness.a
TEST_CFLAGS = $(AM_CFLAGS) $(CUNIT_CFLAGS)
BASE_TEST_LIBS = $(HARNESS) libbase.a $(CUNIT_LIBS)

check_PROGRAMS =
TESTS = $(check_PROGRAMS)

check_PROGRAMS += t/unit/base/arena_test
t_unit_base_arena_test_SOURCES = t/unit/base/arena_test.c
t_unit_base_arena_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_arena_test_LDADD = $(BASE_TEST_LIBS)

# io
IO_TEST_LIBS = $(HARNESS) $(IO_LIBS) $(CUNIT_LIBS)
include t/unit/io/front.mk

check_PROGRAMS += t/unit/io/js_test
t_unit_io_js_test_SOURCES = t/unit/io/js_test.c
t_unit_io_js_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_js_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/loop_test
t_unit_io_loop_test_SOURCES = t/unit/io/loop_test.c
t_unit_io_loop_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_loop_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/rules_test
t_unit_io_rules_test_SOURCES = t/unit/io/rules_test.c
t_unit_io_rules_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_rules_test_LDADD = $(IO_TEST_LIBS)

check_PROGRAMS += t/unit/io/schema_test
t_unit_io_schema_test_SOURCES = t/unit/io/schema_test.c
t_unit_io_schema_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_schema_test_LDADD = $(IO_TEST_LIBS)

# The tests of a room may also stand in its own folder.
include t/unit/base/tests.mk
include t/unit/conf/tests.mk
include t/unit/io/tests.mk
include t/unit/crypto/tests.mk
include t/unit/store/tests.mk
include t/unit/service/tests.mk
include t/unit/provider/tests.mk
include t/unit/sandbox/tests.mk
include t/unit/web/tests.mk
include t/unit/worker/tests.mk
