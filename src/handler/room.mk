# handler - one small function per operation, calling one service.
noinst_LIBRARIES += libhandler.a
libhandler_a_SOURCES =
libhandler_a_SOURCES += src/handler/activation_h.c
libhandler_a_SOURCES += src/handler/admin_ledger_h.c
libhandler_a_SOURCES += src/handler/admin_price_h.c
libhandler_a_SOURCES += src/handler/admin_provider_h.c
libhandler_a_SOURCES += src/handler/admin_receivable_h.c
libhandler_a_SOURCES += src/handler/auth_h.c
libhandler_a_SOURCES += src/handler/catalogue_h.c
libhandler_a_SOURCES += src/handler/compat_handler_h.c
libhandler_a_SOURCES += src/handler/compat_list.c src/handler/compat_list.h
libhandler_a_SOURCES += src/handler/endpoint_h.c
libhandler_a_SOURCES += src/handler/health_h.c
libhandler_a_SOURCES += src/handler/history_h.c
libhandler_a_SOURCES += src/handler/key_h.c
libhandler_a_SOURCES += src/handler/wallet_h.c
libhandler_a_CFLAGS = $(AM_CFLAGS)
