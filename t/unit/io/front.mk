# The FastCGI side of io.
check_PROGRAMS += t/unit/io/cgi_head_test t/unit/io/cgi_test \
	t/unit/io/front_test
t_unit_io_cgi_head_test_SOURCES = t/unit/io/cgi_head_test.c
t_unit_io_cgi_head_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_cgi_head_test_LDADD = $(IO_TEST_LIBS)
t_unit_io_cgi_test_SOURCES = t/unit/io/cgi_test.c
t_unit_io_cgi_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_cgi_test_LDADD = $(IO_TEST_LIBS)
t_unit_io_front_test_SOURCES = t/unit/io/front_test.c
t_unit_io_front_test_CFLAGS = $(TEST_CFLAGS)
t_unit_io_front_test_LDADD = $(IO_TEST_LIBS)
