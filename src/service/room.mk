# service - the business, each rule once. One line per file, sorted.
noinst_LIBRARIES += libservice.a
libservice_a_SOURCES =
libservice_a_SOURCES += src/service/account.c src/service/account.h
libservice_a_SOURCES += src/service/apikey.c src/service/apikey.h
libservice_a_SOURCES += src/service/ask.c src/service/ask.h
libservice_a_SOURCES += src/service/auth.c src/service/auth.h
libservice_a_SOURCES += src/service/canary.c src/service/canary.h
libservice_a_SOURCES += src/service/catalogue.c src/service/catalogue.h
libservice_a_SOURCES += src/service/errand.c src/service/errand.h
libservice_a_SOURCES += src/service/lease.c src/service/lease.h
libservice_a_SOURCES += src/service/ledger.c src/service/ledger.h
libservice_a_SOURCES += src/service/migrate.c src/service/migrate.h
libservice_a_SOURCES += src/service/number.c src/service/number.h
libservice_a_SOURCES += src/service/poll.c src/service/poll.h
libservice_a_SOURCES += src/service/purchase.c src/service/purchase.h
libservice_a_SOURCES += src/service/report.c src/service/report.h
libservice_a_SOURCES += src/service/route.c src/service/route.h
libservice_a_SOURCES += src/service/session.c src/service/session.h
libservice_a_SOURCES += src/service/sweep.c src/service/sweep.h
libservice_a_SOURCES += src/service/upstream.c src/service/upstream.h
libservice_a_SOURCES += src/service/upstream_health.c src/service/upstream_health.h
libservice_a_SOURCES += src/service/upstream_settings.c src/service/upstream_settings.h
libservice_a_SOURCES += src/service/wake.c src/service/wake.h
libservice_a_SOURCES += src/service/wallet.c src/service/wallet.h
libservice_a_CFLAGS = $(AM_CFLAGS)
SERVICE_LIBS = libservice.a libdeliver.a libprovider.a libstore.a libconf.a \
	$(IO_LIBS) $(CRYPTO_LIBS)
