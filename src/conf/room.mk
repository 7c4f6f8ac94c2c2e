noinst_LIBRARIES += libconf.a
libconf_a_SOURCES =
libconf_a_CFLAGS = $(AM_CFLAGS)
