# deliver - what is sent to users' own systems.
noinst_LIBRARIES += libdeliver.a
libdeliver_a_SOURCES =
libdeliver_a_SOURCES += src/deliver/webhook.c src/deliver/webhook.h
libdeliver_a_CFLAGS = $(AM_CFLAGS)
