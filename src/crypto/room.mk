# crypto - small doors on libsodium and libjwt.
noinst_LIBRARIES += libseal.a
libseal_a_SOURCES =
libseal_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS) $(JWT_CFLAGS)
CRYPTO_LIBS = libseal.a libbase.a $(SODIUM_LIBS) $(JWT_LIBS)
