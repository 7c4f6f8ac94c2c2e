noinst_LIBRARIES += libservice.a
libservice_a_SOURCES = \
	src/service/call.c src/service/call.h
libservice_a_CFLAGS = $(AM_CFLAGS)
