# service - the business, each rule once.
noinst_LIBRARIES += libservice.a
libservice_a_SOURCES = \
	src/service/errand.c src/service/errand.h \
	src/service/wake.c src/service/wake.h
libservice_a_CFLAGS = $(AM_CFLAGS)
