noinst_LIBRARIES += libprovider.a
libprovider_a_SOURCES =
libprovider_a_CFLAGS = $(AM_CFLAGS)
