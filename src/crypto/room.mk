# crypto - small doors on libsodium and libjwt.
noinst_LIBRARIES += libseal.a
libseal_a_SOURCES = \
	src/crypto/credential.c src/crypto/credential.h \
	src/crypto/digest.c src/crypto/digest.h \
	src/crypto/envelope.c src/crypto/envelope.h \
	src/crypto/keyring.c src/crypto/keyring.h \
	src/crypto/password.c src/crypto/password.h \
	src/crypto/refresh.c src/crypto/refresh.h \
	src/crypto/seal.c src/crypto/seal.h \
	src/crypto/secret.c src/crypto/secret.h \
	src/crypto/sign.c src/crypto/sign.h \
	src/crypto/stamp.c src/crypto/stamp.h \
	src/crypto/token.c src/crypto/token.h \
	src/crypto/voucher_code.c src/crypto/voucher_code.h \
	src/crypto/vault.c src/crypto/vault.h
libseal_a_CFLAGS = $(AM_CFLAGS) $(SODIUM_CFLAGS) $(JWT_CFLAGS)
CRYPTO_LIBS = libseal.a libbase.a $(SODIUM_LIBS) $(JWT_LIBS)
