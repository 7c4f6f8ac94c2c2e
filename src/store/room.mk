# store - the only room that names SQL statements and Redis keys.
noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/activation_store.c src/store/activation_store.h \
	src/store/attempt_store.c src/store/attempt_store.h \
	src/store/canary_store.c src/store/canary_store.h \
	src/store/catalogue_store.c src/store/catalogue_store.h \
	src/store/compat_store.c src/store/compat_store.h \
	src/store/cleanup_store.c src/store/cleanup_store.h \
	src/store/health_store.c src/store/health_store.h \
	src/store/idempotency_store.c src/store/idempotency_store.h \
	src/store/key_store.c src/store/key_store.h \
	src/store/ledger_store.c src/store/ledger_store.h \
	src/store/limit_store.c src/store/limit_store.h \
	src/store/message_store.c src/store/message_store.h \
	src/store/migrate_store.c src/store/migrate_store.h \
	src/store/outbox_store.c src/store/outbox_store.h \
	src/store/pollq_store.c src/store/pollq_store.h \
	src/store/provider_store.c src/store/provider_store.h \
	src/store/reconcile_store.c src/store/reconcile_store.h \
	src/store/session_store.c src/store/session_store.h \
	src/store/status.c src/store/status.h \
	src/store/timeline_store.c src/store/timeline_store.h \
	src/store/user_store.c src/store/user_store.h \
	src/store/wake_store.c src/store/wake_store.h \
	src/store/wallet_store.c src/store/wallet_store.h \
	src/store/webhook_store.c src/store/webhook_store.h
libstore_a_CFLAGS = $(AM_CFLAGS)
