# base
check_PROGRAMS += t/unit/base/money_test
t_unit_base_money_test_SOURCES = t/unit/base/money_test.c
t_unit_base_money_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_money_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/clock_test
t_unit_base_clock_test_SOURCES = t/unit/base/clock_test.c
t_unit_base_clock_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_clock_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/text_test
t_unit_base_text_test_SOURCES = t/unit/base/text_test.c
t_unit_base_text_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_text_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/id_test
t_unit_base_id_test_SOURCES = t/unit/base/id_test.c
t_unit_base_id_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_id_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/buf_test
t_unit_base_buf_test_SOURCES = t/unit/base/buf_test.c
t_unit_base_buf_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_buf_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/err_test
t_unit_base_err_test_SOURCES = t/unit/base/err_test.c
t_unit_base_err_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_err_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/file_test
t_unit_base_file_test_SOURCES = t/unit/base/file_test.c
t_unit_base_file_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_file_test_LDADD = $(BASE_TEST_LIBS)

check_PROGRAMS += t/unit/base/log_test
t_unit_base_log_test_SOURCES = t/unit/base/log_test.c
t_unit_base_log_test_CFLAGS = $(TEST_CFLAGS)
t_unit_base_log_test_LDADD = $(BASE_TEST_LIBS)

