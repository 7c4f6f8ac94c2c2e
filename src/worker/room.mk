noinst_LIBRARIES += libworker.a
libworker_a_SOURCES =
libworker_a_CFLAGS = $(AM_CFLAGS)
