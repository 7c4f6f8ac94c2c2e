# provider - upstreams as data: requests built, answers read; no network.
noinst_LIBRARIES += libprovider.a
libprovider_a_SOURCES = \
	src/provider/code.c src/provider/code.h \
	src/provider/decimal.c src/provider/decimal.h \
	src/provider/outcome.c src/provider/outcome.def src/provider/outcome.h \
	src/provider/phone.c src/provider/phone.h \
	src/provider/rank.c src/provider/rank.h \
	src/provider/rank_print.c \
	src/provider/seed.c src/provider/seed.h
libprovider_a_CFLAGS = $(AM_CFLAGS)
PROVIDER_LIBS = libprovider.a $(IO_LIBS)
