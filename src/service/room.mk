noinst_LIBRARIES += libservice.a
libservice_a_SOURCES =
libservice_a_CFLAGS = $(AM_CFLAGS)
