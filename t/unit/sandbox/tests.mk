# Tests of the sandbox room.
SANDBOX_TEST_LIBS = $(HARNESS) $(SANDBOX_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += t/unit/sandbox/order_test
t_unit_sandbox_order_test_SOURCES = t/unit/sandbox/order_test.c
t_unit_sandbox_order_test_CFLAGS = $(TEST_CFLAGS)
t_unit_sandbox_order_test_LDADD = $(SANDBOX_TEST_LIBS)
check_PROGRAMS += t/unit/sandbox/script_test
t_unit_sandbox_script_test_SOURCES = t/unit/sandbox/script_test.c
t_unit_sandbox_script_test_CFLAGS = $(TEST_CFLAGS)
t_unit_sandbox_script_test_LDADD = $(SANDBOX_TEST_LIBS)
check_PROGRAMS += t/unit/sandbox/sms_test
t_unit_sandbox_sms_test_SOURCES = t/unit/sandbox/sms_test.c
t_unit_sandbox_sms_test_CFLAGS = $(TEST_CFLAGS)
t_unit_sandbox_sms_test_LDADD = $(SANDBOX_TEST_LIBS)
check_PROGRAMS += t/unit/sandbox/world_test
t_unit_sandbox_world_test_SOURCES = t/unit/sandbox/world_test.c
t_unit_sandbox_world_test_CFLAGS = $(TEST_CFLAGS)
t_unit_sandbox_world_test_LDADD = $(SANDBOX_TEST_LIBS)
