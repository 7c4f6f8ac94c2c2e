# provider - upstreams as data: requests built, answers read; no network.
noinst_LIBRARIES += libprovider.a
libprovider_a_SOURCES = \
	src/provider/code.c src/provider/code.h \
	src/provider/decimal.c src/provider/decimal.h \
	src/provider/descriptor.c src/provider/descriptor.h \
	src/provider/engine.c src/provider/engine.h \
	src/provider/extract.c src/provider/extract.h \
	src/provider/extract_read.c \
	src/provider/fill.c src/provider/fill.h \
	src/provider/match.c src/provider/match.h \
	src/provider/match_read.c \
	src/provider/merge.c src/provider/merge.h \
	src/provider/op_read.c src/provider/op_read.h \
	src/provider/outcome.c src/provider/outcome.h \
	src/provider/outcome_print.c \
	src/provider/outcome.def \
	src/provider/path.c src/provider/path.h \
	src/provider/pattern.c src/provider/pattern.h \
	src/provider/phone.c src/provider/phone.h \
	src/provider/prices.c src/provider/prices.h \
	src/provider/rank.c src/provider/rank.h \
	src/provider/rank_print.c \
	src/provider/reader.c src/provider/reader.h \
	src/provider/request.c src/provider/request.h \
	src/provider/request_read.c \
	src/provider/rule.c src/provider/rule.h \
	src/provider/seed.c src/provider/seed.h \
	src/provider/template.c src/provider/template.h \
	src/provider/transform.c src/provider/transform.h \
	src/provider/vars.c src/provider/vars.h \
	src/provider/vars.def \
	src/provider/view.c src/provider/view.h \
	src/provider/when.c src/provider/when.h
libprovider_a_CFLAGS = $(AM_CFLAGS)
PROVIDER_LIBS = libprovider.a $(IO_LIBS)
