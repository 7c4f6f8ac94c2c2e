# store - the only room that names SQL statements and Redis keys.
noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/attempt_store.c src/store/attempt_store.h \
	src/store/canary_store.c src/store/canary_store.h \
	src/store/key_store.c src/store/key_store.h \
	src/store/session_store.c src/store/session_store.h \
	src/store/user_store.c src/store/user_store.h \
	src/store/wake_store.c src/store/wake_store.h
libstore_a_CFLAGS = $(AM_CFLAGS)
