# conf - the table of settings, its loader and its printers.
noinst_LIBRARIES += libconf.a
libconf_a_SOURCES = \
	src/conf/conf.c src/conf/conf.h \
	src/conf/print.c src/conf/print.h \
	src/conf/setting.c src/conf/setting.h src/conf/settings.def
libconf_a_CFLAGS = $(AM_CFLAGS)
