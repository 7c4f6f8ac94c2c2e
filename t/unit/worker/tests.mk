# worker
check_PROGRAMS += t/unit/worker/lane_test
t_unit_worker_lane_test_SOURCES = t/unit/worker/lane_test.c
t_unit_worker_lane_test_CFLAGS = $(TEST_CFLAGS)
t_unit_worker_lane_test_LDADD = $(HARNESS) libworker.a libbase.a $(CUNIT_LIBS)
