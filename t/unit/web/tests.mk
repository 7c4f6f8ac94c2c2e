# web
WEB_TEST_LIBS = $(HARNESS) $(WEB_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += t/unit/web/app_test t/unit/web/guard_test \
	t/unit/web/limiter_test t/unit/web/listen_test \
	t/unit/web/members_test t/unit/web/park_test \
	t/unit/web/request_test t/unit/web/router_test \
	t/unit/web/routes_test
t_unit_web_app_test_SOURCES = t/unit/web/app_test.c
t_unit_web_app_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_app_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_guard_test_SOURCES = t/unit/web/guard_test.c
t_unit_web_guard_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_guard_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_limiter_test_SOURCES = t/unit/web/limiter_test.c
t_unit_web_limiter_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_limiter_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_listen_test_SOURCES = t/unit/web/listen_test.c
t_unit_web_listen_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_listen_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_members_test_SOURCES = t/unit/web/members_test.c
t_unit_web_members_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_members_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_park_test_SOURCES = t/unit/web/park_test.c
t_unit_web_park_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_park_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_request_test_SOURCES = t/unit/web/request_test.c
t_unit_web_request_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_request_test_LDADD = $(WEB_TEST_LIBS)
t_unit_web_router_test_SOURCES = t/unit/web/router_test.c
t_unit_web_router_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_router_test_LDADD = $(WEB_TEST_LIBS)
# The table of the product, with the handlers it names.
t_unit_web_routes_test_SOURCES = t/unit/web/routes_test.c
t_unit_web_routes_test_CFLAGS = $(TEST_CFLAGS)
t_unit_web_routes_test_LDADD = $(HARNESS) libweb.a libhandler.a libweb.a \
	$(SERVICE_LIBS) $(CUNIT_LIBS)
