# Tests of the provider room.
PROVIDER_TEST_LIBS = $(HARNESS) $(PROVIDER_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += t/unit/provider/code_test
t_unit_provider_code_test_SOURCES = t/unit/provider/code_test.c
t_unit_provider_code_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_code_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/decimal_test
t_unit_provider_decimal_test_SOURCES = t/unit/provider/decimal_test.c
t_unit_provider_decimal_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_decimal_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/outcome_test
t_unit_provider_outcome_test_SOURCES = t/unit/provider/outcome_test.c
t_unit_provider_outcome_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_outcome_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/phone_test
t_unit_provider_phone_test_SOURCES = t/unit/provider/phone_test.c
t_unit_provider_phone_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_phone_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/rank_test
t_unit_provider_rank_test_SOURCES = t/unit/provider/rank_test.c
t_unit_provider_rank_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_rank_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/seed_test
t_unit_provider_seed_test_SOURCES = t/unit/provider/seed_test.c
t_unit_provider_seed_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_seed_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/engine_test
t_unit_provider_engine_test_SOURCES = t/unit/provider/engine_test.c \
	t/unit/provider/fixtures.c t/unit/provider/fixtures.h
t_unit_provider_engine_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_engine_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/descriptor_test
t_unit_provider_descriptor_test_SOURCES = t/unit/provider/descriptor_test.c \
	t/unit/provider/fixtures.c t/unit/provider/fixtures.h \
	t/unit/provider/scene.h
t_unit_provider_descriptor_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_descriptor_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/extract_test
t_unit_provider_extract_test_SOURCES = t/unit/provider/extract_test.c \
	t/unit/provider/scene.h
t_unit_provider_extract_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_extract_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/match_test
t_unit_provider_match_test_SOURCES = t/unit/provider/match_test.c \
	t/unit/provider/scene.h
t_unit_provider_match_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_match_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/merge_test
t_unit_provider_merge_test_SOURCES = t/unit/provider/merge_test.c \
	t/unit/provider/scene.h
t_unit_provider_merge_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_merge_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/path_test
t_unit_provider_path_test_SOURCES = t/unit/provider/path_test.c \
	t/unit/provider/scene.h
t_unit_provider_path_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_path_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/request_test
t_unit_provider_request_test_SOURCES = t/unit/provider/request_test.c \
	t/unit/provider/fixtures.c t/unit/provider/fixtures.h \
	t/unit/provider/scene.h
t_unit_provider_request_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_request_test_LDADD = $(PROVIDER_TEST_LIBS)

check_PROGRAMS += t/unit/provider/when_test
t_unit_provider_when_test_SOURCES = t/unit/provider/when_test.c \
	t/unit/provider/scene.h
t_unit_provider_when_test_CFLAGS = $(TEST_CFLAGS)
t_unit_provider_when_test_LDADD = $(PROVIDER_TEST_LIBS)
