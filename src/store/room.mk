# store - the only room that names SQL statements and Redis keys.
noinst_LIBRARIES += libstore.a
libstore_a_SOURCES = \
	src/store/attempt_store.c src/store/attempt_store.h \
	src/store/candidate_store.c src/store/candidate_store.h \
	src/store/provider_store.c src/store/provider_store.h \
	src/store/wake_store.c src/store/wake_store.h
libstore_a_CFLAGS = $(AM_CFLAGS)
