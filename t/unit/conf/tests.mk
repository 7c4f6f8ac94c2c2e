# conf
CONF_TEST_LIBS = $(HARNESS) libconf.a libbase.a $(CUNIT_LIBS)

check_PROGRAMS += t/unit/conf/conf_test
t_unit_conf_conf_test_SOURCES = t/unit/conf/conf_test.c
t_unit_conf_conf_test_CFLAGS = $(TEST_CFLAGS)
t_unit_conf_conf_test_LDADD = $(CONF_TEST_LIBS)

check_PROGRAMS += t/unit/conf/setting_test
t_unit_conf_setting_test_SOURCES = t/unit/conf/setting_test.c
t_unit_conf_setting_test_CFLAGS = $(TEST_CFLAGS)
t_unit_conf_setting_test_LDADD = $(CONF_TEST_LIBS)

check_PROGRAMS += t/unit/conf/print_test
t_unit_conf_print_test_SOURCES = t/unit/conf/print_test.c
t_unit_conf_print_test_CFLAGS = $(TEST_CFLAGS)
t_unit_conf_print_test_LDADD = $(CONF_TEST_LIBS)
