# io: Redis, event loop, HTTP client
check_PROGRAMS += t/unit/io/kv_test
t_unit_io_kv_test_SOURCES = t/unit/io/kv_test.c
t_unit_io_kv_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_kv_test_LDADD = $(IO_TEST_LIBS)
