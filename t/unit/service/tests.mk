SERVICE_TEST_LIBS = $(HARNESS) $(SERVICE_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += t/unit/service/session_test
t_unit_service_session_test_SOURCES = t/unit/service/session_test.c \
	t/unit/service/service_fixture.h
t_unit_service_session_test_CFLAGS = $(TEST_CFLAGS)
t_unit_service_session_test_LDADD = $(SERVICE_TEST_LIBS)

check_PROGRAMS += t/unit/service/auth_test
t_unit_service_auth_test_SOURCES = t/unit/service/auth_test.c \
	t/unit/service/service_fixture.h
t_unit_service_auth_test_CFLAGS = $(TEST_CFLAGS)
t_unit_service_auth_test_LDADD = $(SERVICE_TEST_LIBS)

check_PROGRAMS += t/unit/service/limit_test
t_unit_service_limit_test_SOURCES = t/unit/service/limit_test.c
t_unit_service_limit_test_CFLAGS = $(TEST_CFLAGS)
t_unit_service_limit_test_LDADD = $(SERVICE_TEST_LIBS)

check_PROGRAMS += t/unit/service/session_family_test
t_unit_service_session_family_test_SOURCES = \
	t/unit/service/session_family_test.c \
	t/unit/service/service_fixture.h
t_unit_service_session_family_test_CFLAGS = $(TEST_CFLAGS)
t_unit_service_session_family_test_LDADD = $(SERVICE_TEST_LIBS)

check_PROGRAMS += t/unit/service/reserve_test
t_unit_service_reserve_test_SOURCES = t/unit/service/reserve_test.c \
	t/unit/store/store_fixture.h
t_unit_service_reserve_test_CFLAGS = $(TEST_CFLAGS)
t_unit_service_reserve_test_LDADD = $(SERVICE_TEST_LIBS)
