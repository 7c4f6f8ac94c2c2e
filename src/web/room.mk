noinst_LIBRARIES += libweb.a
libweb_a_SOURCES =
libweb_a_CFLAGS = $(AM_CFLAGS)
