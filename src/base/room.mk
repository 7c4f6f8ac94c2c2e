# base - toolkit; knows no product, no network, no third-party header.
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	src/base/arena.c src/base/arena.h \
	src/base/buf.c src/base/buf.h \
	src/base/clock.c src/base/clock.h \
	src/base/ctx.c src/base/ctx.h \
	src/base/err.c src/base/err.def src/base/err.h \
	src/base/file.c src/base/file.h \
	src/base/id.c src/base/id.h \
	src/base/law.h \
	src/base/log.c src/base/log.h \
	src/base/money.c src/base/money.h \
	src/base/text.c src/base/text.h
