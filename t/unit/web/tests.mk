# web
WEB_TEST_LIBS = $(HARNESS) $(WEB_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += t/unit/web/app_test
t_unit_web_app_test_SOURCES = t/unit/web/app_test.c
t_unit_web_app_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_app_test_LDADD = $(WEB_TEST_LIBS)
