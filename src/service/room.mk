# service - the business, each rule once.
noinst_LIBRARIES += libservice.a
libservice_a_SOURCES = \
	src/service/account.c src/service/account.h \
	src/service/apikey.c src/service/apikey.h \
	src/service/auth.c src/service/auth.h \
	src/service/canary.c src/service/canary.h \
	src/service/errand.c src/service/errand.h \
	src/service/ledger.c src/service/ledger.h \
	src/service/migrate.c src/service/migrate.h \
	src/service/session.c src/service/session.h \
	src/service/wake.c src/service/wake.h \
	src/service/wallet.c src/service/wallet.h
libservice_a_CFLAGS = $(AM_CFLAGS)
SERVICE_LIBS = libservice.a libdeliver.a libprovider.a libstore.a libconf.a \
	$(IO_LIBS) $(CRYPTO_LIBS)
