noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES =
libhandler_a_CFLAGS = $(AM_CFLAGS)
