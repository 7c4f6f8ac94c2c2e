noinst_LIBRARIES += libsandbox.a
libsandbox_a_SOURCES =
libsandbox_a_CFLAGS = $(AM_CFLAGS)
