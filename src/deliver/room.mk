noinst_LIBRARIES += libdeliver.a
libdeliver_a_SOURCES =
libdeliver_a_CFLAGS = $(AM_CFLAGS)
