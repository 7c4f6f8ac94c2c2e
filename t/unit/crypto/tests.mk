CRYPTO_TEST_CFLAGS = $(TEST_CFLAGS) $(SODIUM_CFLAGS)
CRYPTO_TEST_LIBS = $(HARNESS) $(CRYPTO_LIBS) $(CUNIT_LIBS)

check_PROGRAMS += t/unit/crypto/token_test
t_unit_crypto_token_test_SOURCES = t/unit/crypto/token_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_token_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_token_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/token_memory_test
t_unit_crypto_token_memory_test_SOURCES = t/unit/crypto/token_memory_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_token_memory_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_token_memory_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/keyring_test
t_unit_crypto_keyring_test_SOURCES = t/unit/crypto/keyring_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_keyring_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_keyring_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/seal_test
t_unit_crypto_seal_test_SOURCES = t/unit/crypto/seal_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_seal_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_seal_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/password_test
t_unit_crypto_password_test_SOURCES = t/unit/crypto/password_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_password_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_password_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/credential_test
t_unit_crypto_credential_test_SOURCES = t/unit/crypto/credential_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_credential_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_credential_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/sign_test
t_unit_crypto_sign_test_SOURCES = t/unit/crypto/sign_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_sign_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_sign_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/refresh_test
t_unit_crypto_refresh_test_SOURCES = t/unit/crypto/refresh_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_refresh_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_refresh_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/envelope_test
t_unit_crypto_envelope_test_SOURCES = t/unit/crypto/envelope_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_envelope_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_envelope_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/stamp_test
t_unit_crypto_stamp_test_SOURCES = t/unit/crypto/stamp_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_stamp_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_stamp_test_LDADD = $(CRYPTO_TEST_LIBS)

check_PROGRAMS += t/unit/crypto/voucher_code_test
t_unit_crypto_voucher_code_test_SOURCES = t/unit/crypto/voucher_code_test.c \
	t/unit/crypto/crypto_fixture.h
t_unit_crypto_voucher_code_test_CFLAGS = $(CRYPTO_TEST_CFLAGS)
t_unit_crypto_voucher_code_test_LDADD = $(CRYPTO_TEST_LIBS)
