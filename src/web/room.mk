# web - routes, guards, requests and answers, and the pools that serve them.
noinst_LIBRARIES += libweb.a
libweb_a_SOURCES = \
	src/web/app.c src/web/app.h \
	src/web/daemon.c src/web/daemon.h \
	src/web/generation.c src/web/generation.h \
	src/web/guard.c src/web/guard.h \
	src/web/guard_auth.c \
	src/web/guard_limit.c \
	src/web/guard_who.c \
	src/web/listen.c src/web/listen.h \
	src/web/limiter.c src/web/limiter.h \
	src/web/members.c src/web/members.h \
	src/web/park.c src/web/park.h \
	src/web/prefork.c src/web/prefork.h \
	src/web/problem.c src/web/problem.h \
	src/web/reply.c src/web/reply.h \
	src/web/request.c src/web/request.h \
	src/web/response.c src/web/response.h \
	src/web/route.c src/web/route.h src/web/routes.def \
	src/web/router.c src/web/router.h \
	src/web/serve.c src/web/serve.h
libweb_a_CFLAGS = $(AM_CFLAGS)
# Without the table of routes, whose handlers are linked above this room.
WEB_LIBS = libweb.a libconf.a $(IO_LIBS)
