# store: against a real database
STORE_TEST_LIBS = $(HARNESS) libstore.a $(IO_LIBS) $(CUNIT_LIBS)
EXTRA_DIST += t/unit/store/store_fixture.h

check_PROGRAMS += t/unit/store/activation_store_test
t_unit_store_activation_store_test_SOURCES = t/unit/store/activation_store_test.c
t_unit_store_activation_store_test_CFLAGS = $(TEST_CFLAGS)
t_unit_store_activation_store_test_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += t/unit/store/catalogue_store_test
t_unit_store_catalogue_store_test_SOURCES = t/unit/store/catalogue_store_test.c
t_unit_store_catalogue_store_test_CFLAGS = $(TEST_CFLAGS)
t_unit_store_catalogue_store_test_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += t/unit/store/reconcile_store_test
t_unit_store_reconcile_store_test_SOURCES = t/unit/store/reconcile_store_test.c
t_unit_store_reconcile_store_test_CFLAGS = $(TEST_CFLAGS)
t_unit_store_reconcile_store_test_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += t/unit/store/wallet_store_test
t_unit_store_wallet_store_test_SOURCES = t/unit/store/wallet_store_test.c
t_unit_store_wallet_store_test_CFLAGS = $(TEST_CFLAGS)
t_unit_store_wallet_store_test_LDADD = $(STORE_TEST_LIBS)


check_PROGRAMS += t/unit/store/cleanup_store_test
t_unit_store_cleanup_store_test_SOURCES = t/unit/store/cleanup_store_test.c
t_unit_store_cleanup_store_test_CFLAGS = $(TEST_CFLAGS)
t_unit_store_cleanup_store_test_LDADD = $(STORE_TEST_LIBS)

check_PROGRAMS += t/unit/store/pollq_store_test
t_unit_store_pollq_store_test_SOURCES = t/unit/store/pollq_store_test.c
t_unit_store_pollq_store_test_CFLAGS = $(TEST_CFLAGS)
t_unit_store_pollq_store_test_LDADD = $(STORE_TEST_LIBS)
