noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES = \
	src/handler/health_h.c
libhandler_a_CFLAGS = $(AM_CFLAGS)
